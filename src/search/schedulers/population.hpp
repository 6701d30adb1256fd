#pragma once

#include <troupe/searcher.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The live trials of a population-based study: how far each has trained, how good it was then, and
/// who waits. Larger scores are better.
///
/// Members are kept in the order of their scores in one vector: to record a score is a binary
/// search and a move of some bytes per member; everything else is O(log n).
class population {
public:
  /// A member, that waits and has done nothing, at the end of the list. It may have been here.
  void enter(trial_number n);

  /// `n` leaves, if it is here.
  void leave(trial_number n);

  bool has(trial_number n) const { return members_.contains(n); }
  bool empty() const noexcept { return members_.empty(); }

  /// Member `n` has trained up to `time`, with this score; NaN is none.
  void record(trial_number n, double time, double score);

  /// Returns the time at which `n` was last considered for a change; 0 at first.
  double perturbed(trial_number n) const { return members_.at(n).perturbed; }
  void set_perturbed(trial_number n, double time) { members_.at(n).perturbed = time; }
  void set_all_perturbed(double time);

  /// Both times of `n` become those of `donor`.
  void copy_times(trial_number n, trial_number donor);

  /// Member `n` waits to be chosen, or runs.
  void set_waiting(trial_number n, bool waits);
  bool anybody_waits() const noexcept { return !waiting_.empty(); }

  /// Returns the waiting member that has trained least, if that is less than `before`; the first in
  /// the list of equal ones.
  std::optional<trial_number> most_behind(double before) const;

  /// Returns whether all members but `n` have trained up to `time`.
  bool all_reached(double time, std::optional<trial_number> but = {}) const;

  /// Returns the longest that any member has trained; 0 if there is none.
  double most_trained() const;

  /// Returns how many members have a score.
  std::size_t scored() const noexcept { return ranking_.size(); }

  /// Returns the size of the lower and of the upper quantile: the share `fraction` of those that
  /// have a score, rounded up, but at most half of them.
  std::size_t quantile(double fraction) const;

  /// Returns the member with rank `i` of scored(), from the worst; of equal scores the first in the
  /// list is the worst.
  trial_number ranked(std::size_t i) const { return std::get<trial_number>(ranking_.at(i)); }

  /// Returns whether `n` is one of the `count` worst.
  bool among_worst(trial_number n, std::size_t count) const;

private:
  using place = std::uint64_t;
  using key = std::tuple<double, place, trial_number>; ///< A time or score, then the list's order.

  struct member {
    place at = 0;
    double trained = 0, perturbed = 0;
    std::optional<double> score;
    bool waits = true;
  };

  void set_trained(trial_number n, member& m, double time);
  void unrank(trial_number n, const member& m);

  place end_ = 0;
  std::unordered_map<trial_number, member> members_;
  std::set<key> by_time_; ///< All.
  std::set<key> waiting_; ///< By time, too.
  std::vector<key> ranking_;
};

} // namespace troupe
