#pragma once

#include <span>

namespace troupe {

/// Returns the sum of `values`, added in the order in which numpy adds, so that it has numpy's last
/// bit: up to 7 numbers one after the other; up to 128 in eight partial sums, number i in sum
/// i mod 8, that are combined in pairs before what is left over is added; more are halved at a
/// multiple of 8, and the halves summed alike.
double pairwise_sum(std::span<const double> values) noexcept;

} // namespace troupe
