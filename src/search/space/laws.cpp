#include "search/space/laws.hpp"

#include "base/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

/// Applies `read` to all elements of a list of as many as Domain has arguments, and makes it of
/// them; none if it is not such a list, or one cannot be read.
template <class Domain, std::size_t N, class Read>
std::optional<domain> read_list(const json::value& argument, Read read) {
  const auto* list = argument.if_array();
  if (!list || list->size() != N) return std::nullopt;
  const auto make = [&](const auto&... v) -> std::optional<domain> {
    const auto all = std::tuple{read(v)...};
    const auto build = [](const auto&... x) -> std::optional<domain> {
      if ((... || !x)) return std::nullopt;
      return Domain{*x...};
    };
    return std::apply(build, all);
  };
  if constexpr (N == 2)
    return make((*list)[0], (*list)[1]);
  else
    return make((*list)[0], (*list)[1], (*list)[2]);
}

template <class Domain, std::size_t N>
std::optional<domain> read_reals(const json::value& argument) {
  return read_list<Domain, N>(argument, real_number);
}

template <class Domain, std::size_t N>
std::optional<domain> read_wholes(const json::value& argument) {
  return read_list<Domain, N>(argument, whole_number);
}

std::optional<domain> read_randn(const json::value& argument) {
  const auto* list = argument.if_array();
  return list && list->empty() ? randn{} : read_reals<randn, 2>(argument);
}

std::optional<domain> read_choice(const json::value& argument) {
  const auto* list = argument.if_array();
  if (!list) return std::nullopt;
  return choice{{list->begin(), list->end()}};
}

std::optional<domain> read_grid(const json::value& argument) {
  const auto* list = argument.if_array();
  if (!list) return std::nullopt;
  return grid_search{{list->begin(), list->end()}};
}

std::optional<domain> read_expression(const json::value& argument) {
  if (!argument.is_string()) return std::nullopt;
  return expression{std::string{std::string_view{argument.get_string()}}};
}

/// Reads `{"low", "high", "step", "log"}` into `out`, numbers by `read`; false if there is another
/// key, a bound is missing, or a value has the wrong kind.
template <class Range, class Read>
std::optional<domain> read_range(const json::value& argument, Read read) {
  const auto* members = argument.if_object();
  if (!members || !members->contains("low") || !members->contains("high")) return std::nullopt;
  auto range = Range{};
  for (const auto& [key, v] : *members) {
    if (key == "log" && v.is_bool()) {
      range.log = v.get_bool();
      continue;
    }
    const auto x = read(v);
    if (!x || (key != "low" && key != "high" && key != "step")) return std::nullopt;
    if (key == "step")
      range.step = *x;
    else
      (key == "low" ? range.low : range.high) = *x;
  }
  return range;
}

std::optional<domain> read_float(const json::value& argument) {
  return read_range<float_range>(argument, real_number);
}

std::optional<domain> read_int(const json::value& argument) {
  return read_range<int_range>(argument, whole_number);
}

constexpr std::string_view two_numbers = "[low, high], two numbers";
constexpr std::string_view three_numbers = "[low, high, q], three numbers";
constexpr std::string_view two_wholes = "[low, high], two whole numbers";
constexpr std::string_view three_wholes = "[low, high, q], three whole numbers";

constexpr auto laws = std::to_array<law>({
    {"uniform", two_numbers, read_reals<uniform, 2>},
    {"loguniform", two_numbers, read_reals<loguniform, 2>},
    {"randint", two_wholes, read_wholes<randint, 2>},
    {"choice", "a list of values", read_choice},
    {"quniform", three_numbers, read_reals<quniform, 3>},
    {"qloguniform", three_numbers, read_reals<qloguniform, 3>},
    {"randn", "[mean, sd], two numbers, or [] for [0, 1]", read_randn},
    {"qrandn", "[mean, sd, q], three numbers", read_reals<qrandn, 3>},
    {"qrandint", three_wholes, read_wholes<qrandint, 3>},
    {"lograndint", two_wholes, read_wholes<lograndint, 2>},
    {"qlograndint", three_wholes, read_wholes<qlograndint, 3>},
    {"grid_search", "a list of values", read_grid},
    {"float", R"({"low": NUMBER, "high": NUMBER} and perhaps "step": NUMBER or "log": true)",
     read_float},
    {"int", R"({"low": INTEGER, "high": INTEGER} and perhaps "step": INTEGER or "log": true)",
     read_int},
    {"expr", R"x(a text, as in "2 ^ randint(2, 9)")x", read_expression},
    {"sample_from", "", nullptr},
});

} // namespace

const law* find_law(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(laws.begin(), laws.end(), [&](const law& l) { return l.name == name; });
  return found == laws.end() ? nullptr : found;
}

std::span<const std::string_view> law_names() {
  // Not constexpr: under its sanitizer, g++ 12 takes no address of a function for a constant.
  static const auto names = [] {
    std::vector<std::string_view> readable;
    for (const auto& l : laws)
      if (l.read) readable.push_back(l.name);
    return readable;
  }();
  return names;
}

} // namespace troupe
