#include "base/json.hpp"
#include "search/space/grid.hpp"
#include "search/space/variants.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace troupe {

namespace json = boost::json;

namespace {

/// Returns `v` as Python prints it, but for the quotes and escapes of texts.
std::string python_text(const json::value& v) {
  if (v.is_null()) return "None";
  if (v.is_bool()) return v.get_bool() ? "True" : "False";
  std::string text;
  if (const auto* list = v.if_array())
    for (const auto& element : *list)
      text += ' ' + python_text(element);
  else if (const auto* object = v.if_object())
    for (const auto& [key, element] : *object)
      text += ' ' + std::string{std::string_view{key}} + ' ' + python_text(element);
  else if (v.is_string())
    text = std::string_view{v.get_string()};
  else
    text = to_text(v);
  return text;
}

bool is_plain(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' ||
         c == '-';
}

/// Other characters than letters, digits, "_" and "-" become one "_", and none at the ends.
std::string clean(const std::string& text) {
  std::string cleaned;
  bool was_plain = true;
  for (const char c : text) {
    if (is_plain(c))
      cleaned += c;
    else if (was_plain)
      cleaned += '_';
    was_plain = is_plain(c);
  }
  const auto first = cleaned.find_first_not_of('_');
  if (first == cleaned.npos) return {};
  return cleaned.substr(first, cleaned.find_last_not_of('_') - first + 1);
}

std::string tag_text(const json::value& v) {
  return v.is_double() ? fmt::format("{:.4f}", v.get_double()) : clean(python_text(v));
}

} // namespace

std::string tag_of(std::uint64_t number, std::vector<evaluated_value> values) {
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return path_less(a.first, b.first); });
  auto tag = std::to_string(number);
  char separator = '_';
  for (const auto& [path, value] : values) {
    tag += separator + path.substr(path.rfind('/') + 1) + '=' + tag_text(value);
    separator = ',';
  }
  return tag;
}

} // namespace troupe
