#include "study/laws.hpp"

#include "study/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

/// Applies `read` to both elements of a list of two; none if it is not one, or one cannot be read.
template <class Domain, class Read>
std::optional<domain> read_bounds(const json::value& argument, Read read) {
  const auto* list = argument.if_array();
  if (!list || list->size() != 2) return std::nullopt;
  const auto low = read((*list)[0]);
  const auto high = read((*list)[1]);
  if (!low || !high) return std::nullopt;
  return Domain{*low, *high};
}

std::optional<domain> read_choice(const json::value& argument) {
  const auto* list = argument.if_array();
  if (!list) return std::nullopt;
  return choice{{list->begin(), list->end()}};
}

constexpr std::string_view two_numbers = "[low, high], two numbers";

constexpr auto laws = std::to_array<law>({
    {"uniform", two_numbers,
     [](const json::value& v) { return read_bounds<uniform>(v, real_number); }},
    {"loguniform", two_numbers,
     [](const json::value& v) { return read_bounds<loguniform>(v, real_number); }},
    {"randint", "[low, high], two whole numbers",
     [](const json::value& v) { return read_bounds<randint>(v, whole_number); }},
    {"choice", "a list of values", read_choice},
    {"quniform", "", nullptr},
    {"qloguniform", "", nullptr},
    {"randn", "", nullptr},
    {"qrandn", "", nullptr},
    {"qrandint", "", nullptr},
    {"lograndint", "", nullptr},
    {"qlograndint", "", nullptr},
    {"grid_search", "", nullptr},
    {"float", "", nullptr},
    {"int", "", nullptr},
    {"expr", "", nullptr},
});

constexpr auto readable =
    std::count_if(laws.begin(), laws.end(), [](const law& l) { return l.read != nullptr; });

constexpr auto readable_names = [] {
  std::array<std::string_view, readable> names;
  auto next = names.begin();
  for (const auto& l : laws)
    if (l.read) *next++ = l.name;
  return names;
}();

struct domain_writer {
  json::value operator()(const constant& d) const { return json::object{{"const", d.value}}; }
  json::value operator()(const uniform& d) const { return bounds("uniform", d.low, d.high); }
  json::value operator()(const loguniform& d) const { return bounds("loguniform", d.low, d.high); }
  json::value operator()(const randint& d) const { return bounds("randint", d.low, d.high); }
  json::value operator()(const choice& d) const {
    return json::object{{"choice", json::array(d.values.begin(), d.values.end())}};
  }

  template <class Bound>
  static json::value bounds(std::string_view name, Bound low, Bound high) {
    return json::object{{name, json::array{low, high}}};
  }
};

} // namespace

const law* find_law(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(laws.begin(), laws.end(), [&](const law& l) { return l.name == name; });
  return found == laws.end() ? nullptr : found;
}

std::span<const std::string_view> law_names() {
  return readable_names;
}

json::value to_json(const domain& d) {
  return std::visit(domain_writer{}, d);
}

} // namespace troupe
