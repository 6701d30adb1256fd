#pragma once

namespace troupe {

/// The normal distribution, in logarithms where plain numbers would vanish or cancel.

/// Returns the logarithm of the standard normal distribution function; -745 and far below included.
double log_ndtr(double x);

/// Returns the logarithm of the standard normal mass of [a, b], a <= b. Exact to about 1e-11
/// relative to the mass, also for narrow intervals and far tails; -inf if a == b.
double log_mass(double a, double b);

/// Returns the quantile at level `q` in [0, 1) of the standard normal distribution cut to [a, b].
double cut_normal_quantile(double q, double a, double b);

} // namespace troupe
