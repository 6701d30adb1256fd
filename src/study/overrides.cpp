#include "study/overrides.hpp"

#include "base/escape.hpp"
#include "base/path.hpp"
#include "base/secret_names.hpp"
#include "study/secrets.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <tuple>

namespace troupe {

namespace json = boost::json;

namespace {

json::value read_option(std::string_view key, std::string_view text, fault_list& faults) {
  try {
    auto document = parse_document(text);
    for (const auto& [path, at] : document.duplicates)
      faults.add_to_option(key, path, "stands twice in one object");
    return std::move(document.value);
  } catch (const json_error&) {
    return json::value(text);
  }
}

/// Returns the member or element `part` of `parent`, or null if there can be none.
json::value* step(json::value& parent, std::string_view part) {
  if (auto* object = parent.if_object()) return &(*object)[part];
  auto* list = parent.if_array();
  const auto index = list_index(part);
  return list && index && *index < list->size() ? &(*list)[*index] : nullptr;
}

void apply(json::value& root, std::string_view key, std::string_view text, fault_list& faults) {
  constexpr std::ptrdiff_t deepest = 64;
  if (std::count(key.begin(), key.end(), '/') >= deepest)
    return faults.add_to_option(key.substr(0, 60), "", "goes deeper than 64 levels");
  const bool was_there = root.is_object() && root.as_object().contains(key);
  auto* slot = &root;
  auto rest = key;
  while (!rest.empty()) {
    std::string_view part;
    std::tie(part, rest) = split_first(rest);
    auto* const inner = step(*slot, part);
    if (!inner)
      return faults.add_to_option(
          key, "", "there is no \"" + std::string{part} + "\" in " + describe_at(key, *slot));
    if (inner->is_null() && !rest.empty()) inner->emplace_object();
    slot = inner;
  }
  *slot = read_option(key, text, faults);
  if (slot->is_null() && was_there) root.as_object().erase(key); // its default holds again
  faults.blame_option(std::string{key});
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
