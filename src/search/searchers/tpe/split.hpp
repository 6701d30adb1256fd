#pragma once

#include "search/searchers/tpe/observations.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace troupe::tpe {

/// How good a trial that has ended was: less is better. Trials that came to their end come first,
/// by value; then those stopped early, the longer-lived first, then by value; then those that
/// violate a constraint, by how much. Equals count by number.
struct standing {
  enum class tier : std::uint8_t { completed, stopped, infeasible };
  double first = 0, second = 0;
  row_number number = 0;
  tier at = tier::completed;
  std::vector<double> losses{}; ///< With several objectives, of one that came to its end.

  friend bool operator<(const standing& a, const standing& b) noexcept {
    if (a.at != b.at) return a.at < b.at;
    if (a.first != b.first) return a.first < b.first;
    return a.second != b.second ? a.second < b.second : a.number < b.number;
  }
};

/// What a stopped trial reported last.
struct last_report {
  int iteration;
  double loss;
};

/// The losses are to be minimised; NaN counts as infinity.
standing completed(row_number n, double loss);
standing stopped(row_number n, const std::optional<last_report>& last);

/// `violation` is the sum of the constraints' values above 0.
standing infeasible(row_number n, double violation);

/// With several objectives `losses` has more than one, and those of a trial that came to its end
/// rank by Pareto fronts.
standing completed(row_number n, const std::vector<double>& losses);

/// The trials that have ended, split into the better (below) and the others (above).
class split {
public:
  enum class side : std::uint8_t { below, above };

  /// A trial has come to a side.
  struct move {
    row_number number;
    side to;
  };

  virtual ~split() = default;

  /// Adds a trial; returns what moves, the trial itself included, in the order in which it must be
  /// done: a trial may move twice.
  virtual std::vector<move> add(const standing& s) = 0;

  /// Returns how many trials have ended.
  virtual std::size_t size() const noexcept = 0;

  /// Returns how many of `n` trials are below: a tenth, rounded up; with one objective at most 25.
  static std::size_t gamma(std::size_t n, std::size_t objectives = 1) noexcept;
};

/// Returns the split for so many objectives. With one, the trials below are the best by standing.
/// With several, whole fronts are taken while they fit; of the first that does not, those that
/// cover the most hypervolume.
std::unique_ptr<split> make_split(std::size_t objectives);

} // namespace troupe::tpe
