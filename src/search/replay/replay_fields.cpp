#include "search/replay/replay_fields.hpp"

#include "base/json.hpp"

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

namespace {

double as_number_or_nan(std::string_view key, const json::value& v) {
  try {
    return v.is_null() ? std::nan("") : as_number(v);
  } catch (const std::invalid_argument&) {
    throw std::invalid_argument{fmt::format("\"{}\" must be a number", key)};
  }
}

direction mode_of(const json::value& v) {
  if (v == "min") return direction::min;
  if (v == "max") return direction::max;
  throw std::invalid_argument{"\"mode\" must be \"min\" or \"max\""};
}

} // namespace

double number_at(const json::object& o, std::string_view key) {
  return as_number_or_nan(key, need(o, key));
}

std::vector<double> values_at(const json::object& o, std::string_view key) {
  const auto* list = need(o, key).if_array();
  if (!list || list->empty()) return {number_at(o, key)};
  std::vector<double> values;
  for (const auto& v : *list)
    values.push_back(as_number_or_nan(key, v));
  return values;
}

std::vector<direction> modes_of(const json::object& recorded) {
  const auto& v = need(recorded, "mode");
  const auto* list = v.if_array();
  if (!list || list->empty()) return {mode_of(v)};
  std::vector<direction> modes;
  for (const auto& each : *list)
    modes.push_back(mode_of(each));
  return modes;
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
