#include "search/space/dimension.hpp"
#include "search/space/whole_range.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Returns the value of `r` nearest to `x`.
std::int64_t nearest(const whole_range& r, double x) {
  // Beyond 2^53 the grid is coarser than the integers, and its ends may lie outside.
  const double index =
      std::nearbyint((x - static_cast<double>(r.first)) / static_cast<double>(r.step));
  if (!(index > 0)) return r.first;
  if (index >= static_cast<double>(r.steps())) return r.last;
  return r.value(static_cast<std::uint64_t>(index));
}

dimension quantized(double q, double low, double high, bool log) {
  const auto [first, last] = multiples_of(q, low, high);
  return {.low = first * q, .high = last * q, .step = q, .log = log};
}

dimension interval_of(const uniform& d) {
  return {.low = d.low, .high = d.high};
}
dimension interval_of(const loguniform& d) {
  return {.low = d.low, .high = d.high, .log = true};
}
dimension interval_of(const quniform& d) {
  return quantized(d.q, d.low, d.high, false);
}
dimension interval_of(const qloguniform& d) {
  return quantized(d.q, d.low, d.high, true);
}
dimension interval_of(const float_range& d) {
  if (!d.step) return {.low = d.low, .high = d.high, .log = d.log};
  return {.low = d.low, .high = d.low + steps_of(d) * *d.step, .step = *d.step};
}
template <whole_law Law>
dimension interval_of(const Law& d) {
  const auto r = range_of(d);
  return {.low = static_cast<double>(r.first),
          .high = static_cast<double>(r.last),
          .step = static_cast<double>(r.step),
          .log = r.log};
}

template <class Law>
concept interval_law = requires(const Law& d) {
  interval_of(d);
};

struct to_dimension {
  template <interval_law Law>
  std::optional<dimension> operator()(const Law& d) const {
    const auto interval = interval_of(d);
    if (interval.low == interval.high) return std::nullopt;
    return interval;
  }
  std::optional<dimension> operator()(const randn&) const { return dimension{}; }
  std::optional<dimension> operator()(const qrandn&) const { return dimension{}; }
  std::optional<dimension> operator()(const choice& d) const {
    if (d.values.size() < 2) return std::nullopt;
    return dimension{.choices = d.values.size()};
  }
  template <class Other>
  std::optional<dimension> operator()(const Other&) const {
    return std::nullopt;
  }
};

double quantile_of(double x, double mean, double sd) {
  return 0.5 * std::erfc((mean - x) / (sd * std::numbers::sqrt2));
}

/// The normal law's value at a quantile; 0 and 1 would be infinite.
double at_quantile(double u, double mean, double sd) {
  const double inner = std::clamp(u, 0x1p-53, 1 - 0x1p-53);
  return mean + sd * boost::math::quantile(boost::math::normal{}, inner);
}

struct number_of {
  const json::value& v;

  template <interval_law Law>
  double operator()(const Law& d) const {
    const double x = real();
    const auto interval = interval_of(d);
    // A grid of decimals is met up to rounding.
    const double slack = interval.stepped() ? interval.step * 1e-6 : 0;
    return x >= interval.low - slack && x <= interval.high + slack ? x : nothing;
  }
  double operator()(const randn& d) const { return quantile_of(real(), d.mean, d.sd); }
  double operator()(const qrandn& d) const { return quantile_of(real(), d.mean, d.sd); }
  double operator()(const choice& d) const {
    const auto found = std::find_if(d.values.begin(), d.values.end(),
                                    [&](const json::value& one) { return same_value(one, v); });
    return found == d.values.end() ? nothing : static_cast<double>(found - d.values.begin());
  }
  template <class Other>
  double operator()(const Other&) const {
    return nothing;
  }

private:
  double real() const { return v.is_number() ? v.to_number<double>() : nothing; }
};

struct value_of {
  double x;

  json::value operator()(const constant& d) const { return d.value; }
  json::value operator()(const uniform& d) const { return below(d.low, d.high); }
  json::value operator()(const loguniform& d) const { return below(d.low, d.high); }
  json::value operator()(const quniform& d) const { return near_multiple(x, d.q); }
  json::value operator()(const qloguniform& d) const { return near_multiple(x, d.q); }
  json::value operator()(const float_range& d) const {
    if (!d.step) return std::clamp(x, d.low, d.high);
    return nth_value(d, std::clamp(std::nearbyint((x - d.low) / *d.step), 0.0, steps_of(d)));
  }
  json::value operator()(const randn& d) const { return at_quantile(x, d.mean, d.sd); }
  json::value operator()(const qrandn& d) const {
    return near_multiple(at_quantile(x, d.mean, d.sd), d.q);
  }
  json::value operator()(const choice& d) const { return d.values[static_cast<std::size_t>(x)]; }
  template <whole_law Law>
  json::value operator()(const Law& d) const {
    return nearest(range_of(d), x);
  }
  template <class Other>
  json::value operator()(const Other&) const {
    return nullptr;
  }

private:
  double below(double low, double high) const {
    return std::clamp(x, low, std::nextafter(high, low));
  }
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

} // namespace troupe
