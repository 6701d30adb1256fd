#include "study/secrets.hpp"

#include "base/path.hpp"
#include "base/secret_names.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <tuple>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view mark = "$secret";
constexpr std::string_view options_path = "trainable";

bool betrays_nothing(const json::value& v) {
  return v.is_null() || v.is_bool() || (v.is_string() && v.get_string().empty());
}

json::value placeholder(std::string_view path) {
  return json::object{
      {mark, "not stored: give it again, as with --set " + std::string{path} + "=VALUE"}};
}

json::value hidden(const json::value& v, std::string_view path);

json::object hidden_members(const json::object& all, std::string_view path) {
  json::object out;
  for (const auto& [key, value] : all) {
    const auto at = join_path(path, key);
    const bool hides = names_secret(key) && !betrays_nothing(value);
    out.emplace(key, hides ? placeholder(at) : hidden(value, at));
  }
  return out;
}

json::value hidden(const json::value& v, std::string_view path) {
  if (is_placeholder(v)) return v;
  if (const auto* object = v.if_object()) return hidden_members(*object, path);
  if (!v.is_array()) return v;
  json::array out;
  for (const auto& each : v.get_array())
    out.push_back(hidden(each, join_path(path, std::to_string(out.size()))));
  return out;
}

void find_placeholders(const json::value& v, const std::string& path,
                       std::vector<std::string>& found) {
  if (is_placeholder(v)) return found.push_back(path);
  if (const auto* object = v.if_object())
    for (const auto& [key, value] : *object)
      find_placeholders(value, join_path(path, key), found);
  if (const auto* list = v.if_array())
    for (std::size_t i = 0; i < list->size(); ++i)
      find_placeholders((*list)[i], join_path(path, std::to_string(i)), found);
}

bool lies_in_secret(std::string_view path) {
  while (!path.empty()) {
    std::string_view part;
    std::tie(part, path) = split_first(path);
    if (names_secret(part)) return true;
  }
  return false;
}

} // namespace

json::object without_secrets(const json::object& options) {
  return hidden_members(options, options_path);
}

bool is_placeholder(const json::value& v) {
  const auto* object = v.if_object();
  return object && object->size() == 1 && object->contains(mark);
}

std::vector<std::string> missing_secrets(const json::object& options) {
  std::vector<std::string> found;
  for (const auto& [key, value] : options)
    find_placeholders(value, join_path(options_path, key), found);
  return found;
}

std::string warning_of_secrets(const search_space& space) {
  std::string names;
  for (const auto& entry : space.entries())
    if (lies_in_secret(entry.path)) names += (names.empty() ? "" : ", ") + entry.path;
  if (names.empty()) return {};
  return "warning: named like secrets, but parameters, which are written down and shown: " + names +
         "; what is secret belongs into the trainable's options";
}

std::string describe_at(std::string_view path, const json::value& v) {
  return lies_in_secret(path) && !betrays_nothing(v) ? "a secret, which is not shown" : describe(v);
}

} // namespace troupe
