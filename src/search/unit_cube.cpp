#include "search/unit_cube.hpp"

#include "study/path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

/// Returns the index of the part of [0, 1] that holds `u`, of `count` equal ones.
std::uint64_t part_at(double u, std::uint64_t count) noexcept {
  const double scaled = std::max(u, 0.0) * static_cast<double>(count);
  return scaled < static_cast<double>(count) ? static_cast<std::uint64_t>(scaled) : count - 1;
}

std::uint64_t integers_of(const randint& d) noexcept {
  return static_cast<std::uint64_t>(d.high) - static_cast<std::uint64_t>(d.low);
}

struct value_reader {
  double u;

  json::value operator()(const constant& d) const { return d.value; }

  json::value operator()(const uniform& d) const {
    const double x = std::max(d.low, d.low + (d.high - d.low) * u);
    return x < d.high ? x : std::nextafter(d.high, d.low);
  }

  json::value operator()(const loguniform& d) const {
    const double low = std::log(d.low);
    const double x = std::exp(low + (std::log(d.high) - low) * u);
    return std::clamp(x, d.low, std::nextafter(d.high, d.low));
  }

  json::value operator()(const randint& d) const {
    const auto low = static_cast<std::uint64_t>(d.low);
    return static_cast<std::int64_t>(low + part_at(u, integers_of(d)));
  }

  json::value operator()(const choice& d) const { return d.values[part_at(u, d.values.size())]; }
};

struct coordinate_reader {
  double x;

  double operator()(const uniform& d) const { return (x - d.low) / (d.high - d.low); }
  double operator()(const loguniform& d) const {
    return (std::log(x) - std::log(d.low)) / (std::log(d.high) - std::log(d.low));
  }
  double operator()(const randint& d) const {
    return (x - static_cast<double>(d.low) + 0.5) / cell_count(d);
  }
  template <class Other>
  double operator()(const Other&) const {
    return std::numeric_limits<double>::quiet_NaN();
  }
};

} // namespace

json::value value_at(const domain& d, double u) {
  return std::visit(value_reader{u}, d);
}

double coordinate_of(const domain& d, double x) {
  return std::visit(coordinate_reader{x}, d);
}

bool is_open(const domain& d) {
  if (std::holds_alternative<constant>(d)) return false;
  if (const auto* integers = std::get_if<randint>(&d)) return integers_of(*integers) > 1;
  if (const auto* values = std::get_if<choice>(&d)) return values->values.size() > 1;
  return true;
}

bool is_numeric(const domain& d) {
  return std::holds_alternative<uniform>(d) || std::holds_alternative<loguniform>(d) ||
         std::holds_alternative<randint>(d);
}

double cell_count(const randint& d) noexcept {
  return static_cast<double>(integers_of(d));
}

void replace(config& c, std::string_view path, json::value v) {
  auto [part, rest] = split_first(path);
  auto* slot = &c.at(part);
  while (!rest.empty()) {
    std::tie(part, rest) = split_first(rest);
    const auto index = list_index(part);
    slot = slot->is_array() && index ? &slot->get_array().at(*index) : &slot->as_object().at(part);
  }
  *slot = std::move(v);
}

} // namespace troupe
