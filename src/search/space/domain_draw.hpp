#pragma once

#include <troupe/domain.hpp>

#include <cstdint>

namespace troupe {

/// Draws from a law, or returns the constant. Not for grid_search, expression and sample_from,
/// which need to know more: throws std::logic_error for those.
boost::json::value draw(const domain& d, random_stream& random);

/// Returns a standard normal number, by Box and Muller.
double draw_normal(random_stream& random);

/// The multiples of q in [low, high]: first q, …, last q.
struct multiples {
  double first, last;
};
multiples multiples_of(double q, double low, double high) noexcept;

/// The same for integers, with the exception for q = 1, where `high` does not belong.
struct whole_multiples {
  std::int64_t first, last;
};
whole_multiples multiples_of(std::int64_t q, std::int64_t low, std::int64_t high) noexcept;

/// Returns the multiple of `q` nearest to `x`.
double near_multiple(double x, double q) noexcept;

/// The number of steps from low to the last value of a float_range.
double steps_of(const float_range& d) noexcept;

/// Returns the value of a float_range after so many steps: low + index · step, in decimals.
double nth_value(const float_range& d, double index) noexcept;

} // namespace troupe
