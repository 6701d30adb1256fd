#pragma once

#include <troupe/config.hpp>
#include <troupe/space.hpp>

#include <string_view>

namespace troupe {

/// The value of `d` at the coordinate `u`, 0 <= u <= 1:
///
/// | domain       | value |
/// | ------------ | ----- |
/// | `constant`   | itself |
/// | `uniform`    | low + (high - low) u |
/// | `loguniform` | exp of the same in the logarithms |
/// | `randint`    | each integer has an equal part of [0, 1]: low + floor(n u) |
/// | `choice`     | each value has an equal part of [0, 1], in the order given |
///
/// So a uniform `u` gives a value that is distributed as the law says. u = 1 gives the last value;
/// bounds that a law leaves out are left out here too.
boost::json::value value_at(const domain& d, double u);

/// The inverse for the numeric laws: the coordinate of the value `x`, in the middle of its part for
/// `randint`. Outside of [0, 1] if `x` lies outside of the domain, NaN if it cannot lie in it.
double coordinate_of(const domain& d, double x);

/// Returns whether `d` has more than one value, so that there is something to search.
bool is_open(const domain& d);

/// Returns whether the values of `d` are numbers with an order, so that coordinate_of works.
bool is_numeric(const domain& d);

/// Returns the number of integers of a `randint`.
double cell_count(const randint& d) noexcept;

/// Puts `v` where `c` has a value already, at `path`.
void replace(config& c, std::string_view path, boost::json::value v);

} // namespace troupe
