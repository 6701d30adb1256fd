#pragma once

#include "search/simulation/learning_curve.hpp"

#include <troupe/study.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace troupe {

/// A family of learning curves that are given by formulas, for any search space.
///
/// A configuration is a point u in [0, 1]^d (see coordinates_of; a space of constants counts as the
/// point 1/2). Its error e falls from 0.9 towards a final error E, which is least, 0.05, at a known
/// point o: o_1 = 0.3, o_i = 1/4 + 1/2 frac(0.618034 i) for i = 2, 3, … With the distances q_i =
/// ((u_i - o_i) / max(o_i, 1 - o_i))^2 and their mean Q:
///
/// - `crossing`: E = 0.05 + 0.7 sqrt((q_1 + mean of the other q_i) / 2), an epoch multiplies e - E
///   by exp(-0.05 · 4^u_1). Who starts fast ends worse, as with large learning rates. Where u_1 >
///   0.9 training diverges: from epoch 1 + floor(200 (1 - u_1)) on, reports are NaN. With one
///   parameter, E = 0.05 + 0.7 sqrt(q_1).
/// - `power`: E = 0.05 + 0.7 sqrt(Q), e = E + (0.9 - E) (t + 1)^-a after t epochs, with a = 0.4 +
///   0.8 u_1. Long tails: the last epochs still matter.
/// - `exponential`: E = 0.05 + 0.7 sqrt(Q), an epoch multiplies e - E by exp(-0.2 + 0.15 sqrt(Q)).
///   The better ones are faster too: the first epochs show the order.
///
/// The report of epoch t is e with noise of standard deviation 0.02 / sqrt(t), which depends on
/// (study seed, u, t) alone; under mode max it is 1 minus that. An epoch takes 1 + 3 u_d seconds.
/// So the first parameter is like a learning rate and the last like the size of a network.
///
/// A trial that goes on with another configuration keeps its e, and tends from there to the other's
/// E; if that is above e, then by the factor that the other's first epoch has.
struct curve_family {
  std::string_view name;
  std::string_view about; ///< One line for people.
};

/// Returns all families, the most instructive first.
std::vector<curve_family> curve_families();

/// Returns how many epochs a trial of `s` trains at most on such a curve: up to the `stop` rule for
/// training_iteration; else up to the scheduler's `max_t`, if that counts iterations; else 100.
int epochs_of(const study& s);

/// Makes the curves of family `name` for `s`; each ends after epochs_of(s) epochs. Throws
/// std::invalid_argument for an unknown name, naming all, and if `s` is judged by more than one
/// metric.
std::unique_ptr<learning_curve> make_parametric_curve(std::string_view name, const study& s);

} // namespace troupe
