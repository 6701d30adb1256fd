#include "search/space/domain_draw.hpp"

#include "base/decimals.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace troupe {

namespace json = boost::json;

namespace {

/// Quotients this near to a whole number, relatively, count as whole: 0.26 / 0.005.
constexpr double near_whole = 1e-9;

double round_if_near(double x, double otherwise) noexcept {
  const double whole = std::nearbyint(x);
  return std::abs(x - whole) <= near_whole * std::max(std::abs(x), std::abs(whole)) ? whole
                                                                                    : otherwise;
}

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

double draw_between(double low, double high, random_stream& random) {
  return low + (high - low) * random.uniform();
}

/// exp of a uniform draw between the logarithms.
double draw_log_between(double low, double high, random_stream& random) {
  return std::exp(draw_between(std::log(low), std::log(high), random));
}

/// One of low, …, high.
std::int64_t draw_whole(std::int64_t low, std::int64_t high, random_stream& random) {
  const auto first = static_cast<std::uint64_t>(low);
  const auto count = static_cast<std::uint64_t>(high) - first + 1; // 0: all there are
  return static_cast<std::int64_t>(first + (count == 0 ? random() : random.below(count)));
}

/// floor of a log-uniform draw from [low, high + 1).
std::int64_t draw_log_whole(std::int64_t low, std::int64_t high, random_stream& random) {
  const double x =
      std::floor(draw_log_between(static_cast<double>(low), static_cast<double>(high) + 1, random));
  if (x >= static_cast<double>(high)) return high;
  return std::max(low, static_cast<std::int64_t>(x));
}

struct domain_draw {
  random_stream& random;

  json::value operator()(const constant& d) const { return d.value; }

  json::value operator()(const uniform& d) const {
    const double x = draw_between(d.low, d.high, random);
    return x < d.high ? x : std::nextafter(d.high, d.low); // the sum may have been rounded up
  }

  json::value operator()(const loguniform& d) const {
    return std::clamp(draw_log_between(d.low, d.high, random), d.low, d.high);
  }

  json::value operator()(const randint& d) const { return draw_whole(d.low, d.high - 1, random); }

  json::value operator()(const choice& d) const { return d.values[random.below(d.values.size())]; }

  json::value operator()(const quniform& d) const {
    const auto [first, last] = multiples_of(d.q, d.low, d.high);
    return decimal_step(0, std::nearbyint(draw_between(first, last, random)), d.q);
  }

  json::value operator()(const qloguniform& d) const {
    const auto [first, last] = multiples_of(d.q, d.low, d.high);
    const double index = std::nearbyint(draw_log_between(first, last, random));
    return decimal_step(0, std::clamp(index, first, last), d.q);
  }

  json::value operator()(const randn& d) const { return d.mean + d.sd * draw_normal(random); }

  json::value operator()(const qrandn& d) const {
    return near_multiple(d.mean + d.sd * draw_normal(random), d.q);
  }

  json::value operator()(const qrandint& d) const {
    const auto [first, last] = multiples_of(d.q, d.low, d.high);
    return draw_whole(first, last, random) * d.q;
  }

  json::value operator()(const lograndint& d) const {
    return draw_log_whole(d.low, d.high - 1, random);
  }

  json::value operator()(const qlograndint& d) const {
    const auto [first, last] = multiples_of(d.q, d.low, d.high);
    return draw_log_whole(first, last, random) * d.q;
  }

  json::value operator()(const float_range& d) const {
    if (d.step) {
      const auto steps = static_cast<std::int64_t>(steps_of(d));
      return nth_value(d, static_cast<double>(draw_whole(0, steps, random)));
    }
    const double x =
        d.log ? draw_log_between(d.low, d.high, random) : draw_between(d.low, d.high, random);
    return std::clamp(x, d.low, d.high);
  }

  json::value operator()(const int_range& d) const {
    if (!d.log) {
      const auto range = static_cast<std::uint64_t>(d.high) - static_cast<std::uint64_t>(d.low);
      const auto steps = range / static_cast<std::uint64_t>(d.step);
      const auto index = steps + 1 == 0 ? random() : random.below(steps + 1);
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(d.low) +
                                       index * static_cast<std::uint64_t>(d.step));
    }
    const auto low = static_cast<double>(d.low);
    const auto high = static_cast<double>(d.high);
    const double x = std::nearbyint(draw_log_between(low - 0.5, high + 0.5, random));
    if (x >= high) return d.high;
    return std::max(d.low, static_cast<std::int64_t>(x));
  }

  template <class Dependent>
  json::value operator()(const Dependent&) const {
    throw std::logic_error{"a domain that cannot be drawn by itself"};
  }
};

} // namespace

double draw_normal(random_stream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

multiples multiples_of(double q, double low, double high) noexcept {
  return {round_if_near(low / q, std::ceil(low / q)),
          round_if_near(high / q, std::floor(high / q))};
}

whole_multiples multiples_of(std::int64_t q, std::int64_t low, std::int64_t high) noexcept {
  if (q == 1) return {low, high - 1};
  const auto first = floor_quotient(low, q);
  return {first + (low % q != 0 ? 1 : 0), floor_quotient(high, q)};
}

double near_multiple(double x, double q) noexcept {
  const double index = x / q;
  // Beyond 2^53 all doubles are multiples, as far as doubles can tell; the quotient may be
  // infinite.
  return std::abs(index) < 0x1p53 ? decimal_step(0, std::nearbyint(index), q) : x;
}

double steps_of(const float_range& d) noexcept {
  const double steps = (d.high - d.low) / d.step.value_or(1);
  return round_if_near(steps, std::floor(steps));
}

double nth_value(const float_range& d, double index) noexcept {
  return std::min(decimal_step(d.low, index, d.step.value_or(1)), d.high);
}

json::value draw(const domain& d, random_stream& random) {
  return std::visit(domain_draw{random}, d);
}

} // namespace troupe
