#include "base/values.hpp"
#include "search/space/domain_draw.hpp"

#include <troupe/space.hpp>

#include <algorithm>
#include <cmath>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr double rounding = 1e-9;

bool is_in(double x, double low, double high) noexcept {
  return low <= x && x <= high;
}

/// Returns whether `x` is a multiple of `q` but for rounding.
bool is_near_multiple(double x, double q) {
  return std::abs(x - near_multiple(x, q)) <= rounding * std::max(std::abs(x), q);
}

/// Whether `x` is first q, …, last q.
bool is_among(double x, double q, multiples m) {
  return is_near_multiple(x, q) && is_in(std::nearbyint(x / q), m.first, m.last);
}

bool is_listed(const std::vector<json::value>& values, const json::value& v) {
  return std::any_of(values.begin(), values.end(),
                     [&](const json::value& one) { return same_value(one, v); });
}

struct real_membership {
  double x;

  bool operator()(const uniform& d) const { return d.low <= x && x < d.high; }
  bool operator()(const loguniform& d) const { return is_in(x, d.low, d.high); }
  bool operator()(const randn&) const { return std::isfinite(x); }
  bool operator()(const qrandn& d) const { return std::isfinite(x) && is_near_multiple(x, d.q); }
  bool operator()(const quniform& d) const {
    return is_among(x, d.q, multiples_of(d.q, d.low, d.high));
  }
  bool operator()(const qloguniform& d) const {
    return is_among(x, d.q, multiples_of(d.q, d.low, d.high));
  }
  bool operator()(const float_range& d) const {
    if (!is_in(x, d.low, d.high)) return false;
    if (!d.step) return true;
    const double index = std::nearbyint((x - d.low) / *d.step);
    return index <= steps_of(d) &&
           std::abs(x - nth_value(d, index)) <= rounding * std::max(std::abs(x), *d.step);
  }
};

struct whole_membership {
  std::int64_t n;

  bool operator()(const randint& d) const { return d.low <= n && n < d.high; }
  bool operator()(const lograndint& d) const { return d.low <= n && n < d.high; }
  bool operator()(const qrandint& d) const { return is_among(d.low, d.high, d.q); }
  bool operator()(const qlograndint& d) const { return is_among(d.low, d.high, d.q); }
  bool operator()(const int_range& d) const {
    if (n < d.low || n > d.high) return false;
    const auto above = static_cast<std::uint64_t>(n) - static_cast<std::uint64_t>(d.low);
    return above % static_cast<std::uint64_t>(d.step) == 0;
  }

private:
  bool is_among(std::int64_t low, std::int64_t high, std::int64_t q) const {
    const auto [first, last] = multiples_of(q, low, high);
    return n % q == 0 && first <= n / q && n / q <= last;
  }
};

struct membership {
  const json::value& v;

  bool operator()(const constant& d) const { return same_value(d.value, v); }
  bool operator()(const choice& d) const { return is_listed(d.values, v); }
  bool operator()(const expression&) const { return true; }
  bool operator()(const sample_from&) const { return true; }
  bool operator()(const grid_search& d) const {
    const bool is_open = std::any_of(d.inside.begin(), d.inside.end(),
                                     [](const auto& space) { return space != nullptr; });
    return is_open || is_listed(d.values, v);
  }

  template <class Law>
  bool operator()(const Law& d) const {
    if constexpr (std::is_invocable_v<real_membership, const Law&>) {
      const auto x = real_number(v);
      return x && real_membership{*x}(d);
    } else {
      const auto n = whole_number(v);
      return n && whole_membership{*n}(d);
    }
  }
};

} // namespace

bool contains(const domain& d, const json::value& v) {
  return std::visit(membership{v}, d);
}

} // namespace troupe
