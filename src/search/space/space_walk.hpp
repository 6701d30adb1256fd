#pragma once

#include "search/space/finite_values.hpp"
#include "search/space/space_sampler.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// Walks through all configurations of a space in which every parameter has finitely many values;
/// each comes once. Parameters whose conditions do not hold do not multiply.
///
/// The first parameter, in the order of the paths, varies fastest, and each begins with its first
/// value (finite_values); but what others depend on varies more slowly than those. Expressions and
/// functions follow from the others.
class space_walk {
public:
  /// Both must outlive the walk. Throws std::invalid_argument, naming the parameter, as
  /// endless_parameters does.
  space_walk(const search_space& space, const space_sampler& sampler);

  /// Returns the values of the next configuration; none after the last. Functions are called with
  /// the random numbers of configuration `number` of the study with `seed`.
  std::optional<space_values> next(std::uint64_t seed, std::uint64_t number);

  /// Adds to `given` the first value of everything that it leaves open, and takes away what has no
  /// place beside it.
  void complete(std::uint64_t seed, std::uint64_t number, space_values& given) const;

private:
  /// Returns the place in order_ of the fastest parameter that can go on; none at the end.
  std::optional<std::size_t> find_next() const;
  void begin(std::size_t place, std::uint64_t seed, std::uint64_t number,
             space_values& values) const;

  const space_sampler& sampler_;
  std::vector<std::size_t> order_;                ///< The entries, slowest first.
  std::vector<std::optional<finite_values>> all_; ///< Per entry; none for what follows.
  std::vector<std::uint64_t> digits_;             ///< Per entry, which value it has.
  std::optional<space_values> values_;            ///< Where the walk is.
};

/// Returns the parameters that have no finite number of values, or draw in an expression, and says
/// what to do about them.
std::vector<space_problem> endless_parameters(const search_space& space);

} // namespace troupe
