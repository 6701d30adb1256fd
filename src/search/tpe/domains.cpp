#include "search/tpe/domains.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

namespace troupe::tpe {

namespace json = boost::json;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct to_dimension {
  std::optional<dimension> operator()(const constant&) const { return std::nullopt; }
  std::optional<dimension> operator()(const uniform& d) const {
    return dimension{.low = d.low, .high = d.high};
  }
  std::optional<dimension> operator()(const loguniform& d) const {
    return dimension{.low = d.low, .high = d.high, .log = true};
  }
  std::optional<dimension> operator()(const randint& d) const {
    const auto low = static_cast<double>(d.low);
    const auto high = static_cast<double>(d.high - 1);
    if (low == high) return std::nullopt;
    return dimension{.low = low, .high = high, .step = 1};
  }
  std::optional<dimension> operator()(const choice& d) const {
    if (d.values.size() < 2) return std::nullopt;
    return dimension{.choices = d.values.size()};
  }
};

struct number_of {
  const json::value& v;

  double operator()(const constant&) const { return nothing; }
  double operator()(const choice& d) const {
    const auto found = std::find(d.values.begin(), d.values.end(), v);
    return found == d.values.end() ? nothing : static_cast<double>(found - d.values.begin());
  }
  template <class Interval>
  double operator()(const Interval& d) const {
    const double x = v.is_number() ? v.to_number<double>() : nothing;
    return static_cast<double>(d.low) <= x && x <= static_cast<double>(d.high) ? x : nothing;
  }
};

struct value_of {
  double x;

  json::value operator()(const constant& d) const { return d.value; }
  json::value operator()(const uniform& d) const {
    return std::min(x, std::nextafter(d.high, d.low));
  }
  json::value operator()(const loguniform&) const { return x; }
  json::value operator()(const randint& d) const {
    // Beyond 2^53 the grid is coarser than the integers, and its ends may lie outside.
    if (x <= static_cast<double>(d.low)) return d.low;
    if (x >= static_cast<double>(d.high - 1)) return d.high - 1;
    return static_cast<std::int64_t>(x);
  }
  json::value operator()(const choice& d) const { return d.values[static_cast<std::size_t>(x)]; }
};

} // namespace

std::optional<dimension> dimension_of(const domain& d) {
  return std::visit(to_dimension{}, d);
}

double to_number(const domain& d, const json::value& v) {
  return std::visit(number_of{v}, d);
}

json::value to_value(const domain& d, double x) {
  return std::visit(value_of{x}, d);
}

} // namespace troupe::tpe
