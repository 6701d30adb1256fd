#include "search/simulation/coordinates.hpp"

#include "study/values.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace troupe {

namespace {

using place = std::optional<double>; ///< None: the value has none.

place between(double least, double greatest, double x) {
  if (!(least < greatest)) return std::nullopt;
  return (x - least) / (greatest - least);
}

place between_logs(double least, double greatest, double x) {
  if (!(x > 0)) return 0.0;
  return between(std::log(least), std::log(greatest), std::log(x));
}

/// The greatest integer of a law that leaves out `high`; one with steps of `q` > 1 has it.
double greatest(std::int64_t high, std::int64_t q = 1) {
  return static_cast<double>(q == 1 ? high - 1 : high);
}

double share_below(double x, double mean, double sd) {
  return std::erfc((mean - x) / sd / std::numbers::sqrt2) / 2;
}

place index_among(const std::vector<boost::json::value>& values, const boost::json::value& v) {
  const auto found =
      std::ranges::find_if(values, [&](const auto& known) { return same_value(known, v); });
  if (found == values.end()) return std::nullopt;
  return between(0, static_cast<double>(values.size()) - 1,
                 static_cast<double>(found - values.begin()));
}

/// For values that may be anything.
place anywhere(const boost::json::value& v) {
  if (v.is_bool()) return v.get_bool() ? 1.0 : 0.0;
  const auto x = real_number(v);
  if (!x) return std::nullopt;
  return 0.5 + *x / (2 + 2 * std::abs(*x));
}

/// The place of a number `x` in a law of numbers.
struct numeric_place {
  double x;

  place operator()(const uniform& d) const { return between(d.low, d.high, x); }
  place operator()(const quniform& d) const { return between(d.low, d.high, x); }
  place operator()(const loguniform& d) const { return between_logs(d.low, d.high, x); }
  place operator()(const qloguniform& d) const { return between_logs(d.low, d.high, x); }
  place operator()(const randn& d) const { return share_below(x, d.mean, d.sd); }
  place operator()(const qrandn& d) const { return share_below(x, d.mean, d.sd); }
  place operator()(const randint& d) const { return whole(d.low, greatest(d.high)); }
  place operator()(const qrandint& d) const { return whole(d.low, greatest(d.high, d.q)); }
  place operator()(const lograndint& d) const { return log_whole(d.low, greatest(d.high)); }
  place operator()(const qlograndint& d) const { return log_whole(d.low, greatest(d.high, d.q)); }
  place operator()(const float_range& d) const {
    return d.log ? between_logs(d.low, d.high, x) : between(d.low, d.high, x);
  }
  place operator()(const int_range& d) const {
    const auto high = static_cast<double>(d.high);
    return d.log ? log_whole(d.low, high) : whole(d.low, high);
  }
  template <class Other>
  place operator()(const Other&) const {
    return std::nullopt;
  }

private:
  place whole(std::int64_t least, double most) const {
    return between(static_cast<double>(least), most, x);
  }
  place log_whole(std::int64_t least, double most) const {
    return between_logs(static_cast<double>(least), most, x);
  }
};

place place_of(const domain& d, const boost::json::value& v) {
  if (const auto* c = std::get_if<choice>(&d)) return index_among(c->values, v);
  if (const auto* g = std::get_if<grid_search>(&d)) return index_among(g->values, v);
  if (std::holds_alternative<expression>(d) || std::holds_alternative<sample_from>(d))
    return anywhere(v);
  const auto x = real_number(v);
  return x ? std::visit(numeric_place{*x}, d) : std::nullopt;
}

} // namespace

std::vector<double> coordinates_of(const search_space& space, const config& c) {
  std::vector<double> all;
  for (const auto& parameter : space.entries()) {
    if (std::holds_alternative<constant>(parameter.domain)) continue;
    const auto* value = find(c, parameter.path);
    const auto found = value ? place_of(parameter.domain, *value) : std::nullopt;
    // NaN has no place either.
    all.push_back(found && !std::isnan(*found) ? std::clamp(*found, 0.0, 1.0) : 0.5);
  }
  return all;
}

} // namespace troupe
