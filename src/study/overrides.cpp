#include "study/overrides.hpp"

#include "base/escape.hpp"
#include "base/path.hpp"
#include "base/secret_names.hpp"
#include "study/secrets.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

/// Returns whether a text that is no JSON was to be some: a pattern may begin as a list does, and
/// "{lr}" as an object, but neither goes on as one.
bool is_meant_as_json(std::string_view text, const json_error& e) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return false;
  text.remove_prefix(first);
  return text.starts_with("{\"") ||
         (e.is_begun && std::string_view{"{[\""}.find(text.front()) != std::string_view::npos);
}

json::value read_option(std::string_view key, std::string_view text, fault_list& faults) {
  try {
    auto document = parse_document(text);
    for (const auto& [path, at] : document.duplicates)
      faults.add_to_option(key, path, "stands twice in one object");
    return std::move(document.value);
  } catch (const json_error& e) {
    if (is_meant_as_json(text, e))
      faults.add_to_option(key, "",
                           "is not JSON: at its character " + std::to_string(e.at.column) + ", " +
                               e.what() + "; a text that begins so stands in quotes");
    return json::value(text);
  }
}

/// The value at the path of an option.
struct slot {
  json::value* value;
  json::object* parent;  ///< What it is a member of; null if of nothing, or an element.
  std::string_view name; ///< As which.
  /// The outermost that the option has made on its way there, itself if nothing else.
  std::string_view made;
};

/// Returns the slot of `key`, or none if there can be none.
std::optional<slot> reach(json::value& root, std::string_view key, fault_list& faults) {
  slot at{&root, nullptr, {}, key};
  bool makes = false;
  for (auto rest = key; !rest.empty();) {
    std::tie(at.name, rest) = split_first(rest);
    auto& outer = *at.value;
    at.parent = outer.if_object();
    auto* list = outer.if_array();
    const auto index = list_index(at.name);
    if (!at.parent && !(list && index && *index < list->size())) {
      faults.add_to_option(
          key, "", "there is no \"" + std::string{at.name} + "\" in " + describe_at(key, outer));
      return std::nullopt;
    }
    const bool is_new = at.parent && !at.parent->contains(at.name);
    at.value = at.parent ? &(*at.parent)[at.name] : &(*list)[*index];
    if (is_new && !std::exchange(makes, true))
      at.made = key.substr(0, key.size() - (rest.empty() ? 0 : rest.size() + 1));
    if (at.value->is_null() && !rest.empty()) at.value->emplace_object();
  }
  if (makes) at.parent = nullptr; // there was nothing that could be taken away
  return at;
}

void apply(json::value& root, std::string_view key, std::string_view text, fault_list& faults) {
  constexpr std::ptrdiff_t deepest = 64;
  if (std::count(key.begin(), key.end(), '/') >= deepest)
    return faults.add_to_option(key.substr(0, 60), "", "goes deeper than 64 levels");
  if (key.front() == '/' || key.back() == '/' || key.find("//") != key.npos)
    return faults.add_to_option(key, "", "must be names with a / between, as in space/lr");
  const auto at = reach(root, key, faults);
  if (!at) return;
  *at->value = read_option(key, text, faults);
  if (at->value->is_null() && at->parent) at->parent->erase(at->name); // its default holds again
  faults.blame_option(std::string{key}, std::string{at->made});
}

} // namespace

void apply_overrides(json::value& root, const std::vector<std::string>& options,
                     fault_list& faults) {
  for (const auto& option : options) {
    const auto equals = option.find('=');
    if (!is_utf8(option))
      faults.add_to_option(option.substr(0, equals), "", "must be UTF-8; found other bytes");
    else if (equals == 0 || equals == option.npos)
      faults.add_to_option(without_secrets(option), "", "must be KEY=JSON, as in num_samples=3");
    else
      apply(root, std::string_view{option}.substr(0, equals),
            std::string_view{option}.substr(equals + 1), faults);
  }
}

} // namespace troupe
