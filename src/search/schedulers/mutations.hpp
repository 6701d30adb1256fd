#pragma once

#include "base/option_problem.hpp"

#include <troupe/config.hpp>
#include <troupe/domain.hpp>
#include <troupe/random.hpp>

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// How one parameter changes when a trial takes over from another.
struct mutation {
  std::string path; ///< "lr", "optimizer/momentum".
  /// Values to step along, or a law to draw from.
  std::variant<std::vector<boost::json::value>, domain> source;
};

/// Reads `{"lr": {"loguniform": [1e-4, 1]}, "batch_size": [16, 32, 64], "net": {"width": […]}}`:
/// lists are values, laws are those of the search space, other objects are nested. What is wrong is
/// appended to `problems`.
std::vector<mutation> read_mutations(const boost::json::value& v,
                                     std::vector<option_problem>& problems);

/// Returns the value at `path`, or null.
boost::json::value* find_in(config& c, std::string_view path);

/// Returns `x` as a value of the kind that `old` has: an integer is rounded, half to even.
boost::json::value of_kind(const boost::json::value& old, double x);

/// How far a trial strays from the one that it takes over from.
struct exploration {
  double resample_probability = 0.25;    ///< In [0, 1].
  std::vector<double> factors{1.2, 0.8}; ///< At least one.
  bool keep_bounds = true;               ///< Whether what a law cannot give is left out.
};

/// Returns `from` with each parameter changed, in order, as Ray Tune does:
///
/// - one with a list of values steps to a neighbour, left or right with equal probability, and
///   stays at an end; with the resample probability, or if its value is not listed, it becomes any
///   of them;
/// - one with a law is multiplied by one of the factors, or drawn from the law with the resample
///   probability. What was an integer stays one, rounded to the nearest, half to even; what was
///   true or false stays so; what is no number is drawn.
///
/// With keep_bounds, as Ray Tune does not, a product becomes the nearest number that the law can
/// give, and a `choice` is a list of values.
///
/// A parameter that `from` lacks stays away.
config explore(config from, std::span<const mutation> mutations, const exploration& how,
               random_stream& random);

} // namespace troupe
