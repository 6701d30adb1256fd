#include "search/replay_fields.hpp"

#include "study/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace troupe {

namespace json = boost::json;

const json::value& need(const json::object& o, std::string_view key) {
  if (const auto found = o.if_contains(key)) return *found;
  throw std::invalid_argument{fmt::format("lacks \"{}\"", key)};
}

std::string_view as_text(std::string_view key, const json::value& v) {
  if (!v.is_string()) throw std::invalid_argument{fmt::format("\"{}\" must be a string", key)};
  return v.get_string();
}

std::string_view text_at(const json::object& o, std::string_view key) {
  return as_text(key, need(o, key));
}

double number_at(const json::object& o, std::string_view key) {
  const auto& v = need(o, key);
  try {
    return v.is_null() ? std::nan("") : as_number(v);
  } catch (const std::invalid_argument&) {
    throw std::invalid_argument{fmt::format("\"{}\" must be a number", key)};
  }
}

const json::object& object_at(const json::object& o, std::string_view key) {
  const auto& v = need(o, key);
  if (!v.is_object()) throw std::invalid_argument{fmt::format("\"{}\" must be an object", key)};
  return v.get_object();
}

json::array& events_of(json::object& recorded) {
  const auto events = recorded.if_contains("events");
  if (!events || !events->is_array()) throw std::invalid_argument{"\"events\" must be an array"};
  return events->get_array();
}

std::string plain(const json::value& v) {
  return v.is_string() ? std::string{std::string_view{v.get_string()}} : to_text(v);
}

} // namespace troupe
