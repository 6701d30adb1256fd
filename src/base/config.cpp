#include "base/path.hpp"
#include "base/values.hpp"

#include <troupe/config.hpp>

#include <stdexcept>
#include <string>
#include <tuple>

namespace troupe {

namespace json = boost::json;

namespace {

const json::value* find_part(const json::value& parent, std::string_view part) noexcept {
  if (const auto* object = parent.if_object()) return object->if_contains(part);
  const auto* list = parent.if_array();
  const auto index = list_index(part);
  return list && index && *index < list->size() ? &(*list)[*index] : nullptr;
}

} // namespace

const json::value* find(const config& c, std::string_view path) noexcept {
  if (path.ends_with('/')) return nullptr;
  auto [part, rest] = split_first(path);
  const auto* found = c.if_contains(part);
  while (found && !rest.empty()) {
    std::tie(part, rest) = split_first(rest);
    found = find_part(*found, part);
  }
  return found;
}

namespace detail {

void missing_parameter(const config& c, std::string_view path) {
  auto message = "the configuration has no parameter \"" + std::string{path} + "\"; it has";
  for (const auto& member : c)
    message += " \"" + std::string{std::string_view{member.key()}} + '"';
  if (c.empty()) message += " none";
  throw std::invalid_argument{message};
}

void wrong_parameter(std::string_view path, const json::value& v, std::string_view wanted) {
  throw std::invalid_argument{"parameter \"" + std::string{path} + "\" is " + describe(v) +
                              ", but must be " + std::string{wanted}};
}

double as_double(std::string_view path, const json::value& v) {
  const auto x = real_number(v);
  if (!x) wrong_parameter(path, v, "a number");
  return *x;
}

std::int64_t as_integer(std::string_view path, const json::value& v) {
  const auto n = whole_number(v);
  if (!n) wrong_parameter(path, v, "an integer");
  return *n;
}

} // namespace detail

} // namespace troupe
