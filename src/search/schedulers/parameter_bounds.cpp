#include "search/schedulers/parameter_bounds.hpp"

#include "base/path.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cmath>
#include <optional>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view bounds_key = "hyperparam_bounds";

std::optional<parameter_bounds> bounds_of(const std::string& path, const json::value& v) {
  const auto* list = v.if_array();
  if (!list || list->size() != 2) return std::nullopt;
  const auto low = real_number((*list)[0]);
  const auto high = real_number((*list)[1]);
  if (!low || !high || !std::isfinite(*high - *low) || *low >= *high) return std::nullopt;
  return parameter_bounds{path, *low, *high};
}

void read_members(const json::object& members, const std::string& path,
                  std::vector<parameter_bounds>& bounds, std::vector<option_problem>& problems) {
  for (const auto& [name, v] : members) {
    const auto inner = join_path(path, name);
    if (const auto* object = v.if_object(); object && !object->empty())
      read_members(*object, inner, bounds, problems);
    else if (auto b = bounds_of(inner, v))
      bounds.push_back(std::move(*b));
    else
      problems.push_back(
          {join_path(bounds_key, inner), "must be [low, high], two numbers, low < high; "
                                         "found " +
                                             describe(v)});
  }
}

} // namespace

std::vector<parameter_bounds> read_bounds(const json::value& v,
                                          std::vector<option_problem>& problems) {
  std::vector<parameter_bounds> bounds;
  const auto* members = v.if_object();
  if (members && !members->empty())
    read_members(*members, "", bounds, problems);
  else
    problems.push_back(
        {std::string{bounds_key}, R"(must name what to change, as in {"lr": [1e-4, 0.1]}; )"
                                  "found " +
                                      (members ? "{}" : describe(v))});
  return bounds;
}

} // namespace troupe
