#include "search/simulation/coordinates.hpp"

#include "base/values.hpp"
#include "search/space/dimension.hpp"

#include <cmath>
#include <limits>
#include <optional>

namespace troupe {

namespace {

constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

/// For values that may be anything.
double place_anywhere(const boost::json::value& v) {
  if (v.is_bool()) return v.get_bool() ? 1 : 0;
  const auto x = real_number(v);
  return x ? 0.5 + *x / (2 + 2 * std::abs(*x)) : nowhere;
}

double place_of(const domain& d, const boost::json::value& v) {
  if (std::holds_alternative<expression>(d) || std::holds_alternative<sample_from>(d))
    return place_anywhere(v);
  if (const auto* grid = std::get_if<grid_search>(&d)) return place_of(choice{grid->values}, v);
  const auto dim = dimension_of(d);
  return dim ? dim->to_coordinate(to_number(d, v)) : nowhere;
}

} // namespace

std::vector<double> coordinates_of(const search_space& space, const config& c) {
  std::vector<double> all;
  for (const auto& parameter : space.entries()) {
    if (std::holds_alternative<constant>(parameter.domain)) continue;
    const auto* value = find(c, parameter.path);
    const double place = value ? place_of(parameter.domain, *value) : nowhere;
    all.push_back(std::isnan(place) ? 0.5 : place);
  }
  return all;
}

} // namespace troupe
