#pragma once

#include "search/tpe/observations.hpp"

#include <cstddef>
#include <cstdint>
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

/// The trials that have ended, split into the better (below) and the others (above): of n trials,
/// gamma(n) = min(ceil(n / 10), 25) are below.
class split {
public:
  enum class side : std::uint8_t { below, above };

  /// A trial has come to a side.
  struct move {
    row_number number;
    side to;
  };

  /// Adds a trial; returns what moves, the trial itself included, in the order in which it must be
  /// done: a trial may move twice.
  std::vector<move> add(const standing& s);

  /// Returns how many trials have ended.
  std::size_t size() const noexcept { return ranking_.size(); }

  /// Returns how many of `n` trials are below.
  static std::size_t gamma(std::size_t n) noexcept;

private:
  std::vector<standing> ranking_; ///< Best first.
  std::size_t below_ = 0;
};

} // namespace troupe::tpe
