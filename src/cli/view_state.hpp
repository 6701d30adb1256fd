#pragma once

#include "cli/unsaved_checkpoints.hpp"
#include "search/life/trial_score.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Significant digits of a metric while the study runs.
inline constexpr int view_digits = 4;

/// What is shown of one trial.
struct trial_view {
  trial_state state = trial_state::pending;
  std::string reason;                  ///< Why it is in that state: a rule, an error; may be empty.
  std::string name;                    ///< Beside its id; empty if trials have none.
  int iteration = 0;                   ///< Reports made.
  double fraction = 0;                 ///< How much of the next iteration is done, in [0, 1].
  std::optional<double> value;         ///< The study's metric in its last report.
  std::optional<double> score;         ///< And by the study's scope, which it is compared by;
  int scored_at = 0;                   ///< after how many reports it came to be that.
  std::vector<std::string> parameters; ///< Those that vary, shortened: "lr=0.00276".
  std::chrono::nanoseconds started{};  ///< Unix time of its last start.
  std::chrono::nanoseconds spent{};    ///< Time spent running before that.
};

/// The best trial so far: by the study's scope among those that have not failed, as study_results
/// has it.
struct best_view {
  trial_number number = 0;
  double value = 0;  ///< By that scope.
  int iteration = 0; ///< Of its report; of the last one it averages.

  friend bool operator==(const best_view&, const best_view&) = default;
};

/// Since when the best value is what it is, and what it was before, if there was one.
struct best_change {
  std::chrono::nanoseconds at{}; ///< Unix time.
  std::optional<double> before;
};

/// How long a study will still take, and why one might think so.
struct time_estimate {
  std::chrono::nanoseconds left{};
  std::string basis; ///< "mean of 7 trials", or "time budget".
};

/// What a person watching a study is shown: the study's events, added up.
///
/// A pure value: it reads no clock, and `now` (Unix time, as in events) is always an argument.
/// Handles an event in O(log n) of the number of trials.
class view_state {
public:
  explicit view_state(const study&);

  void apply(const event&);

  /// Trial `n` has done `fraction` of its current iteration.
  void progress(trial_number n, double fraction);

  const std::string& name() const noexcept { return name_; }
  const std::string& metric() const noexcept { return metric_; }
  bool lower_is_better() const noexcept { return mode_ == direction::min; }

  /// Number of trials that the study may come to have.
  std::uint64_t total() const noexcept { return total_; }
  std::size_t count(trial_state) const noexcept;
  /// Number of trials that will not run again.
  std::size_t done() const noexcept { return done_; }

  std::optional<best_view> best() const;
  /// Returns how the best value came to be that; none if there is none.
  const std::optional<best_change>& last_change() const noexcept { return change_; }

  /// Returns how many trials have failed for good, by the first line of why.
  const std::map<std::string, std::size_t>& failures() const noexcept { return failures_; }

  /// Returns after how many iterations a trial ends at the latest, if the study says so.
  const std::optional<int>& most_iterations() const noexcept { return most_iterations_; }

  /// Trials now running, by number.
  const std::set<trial_number>& running() const noexcept { return running_; }
  /// Throws std::out_of_range for a trial that no event was about.
  const trial_view& trial(trial_number n) const { return trials_.at(n); }
  /// Returns what trial `n` is called: its id, and its name if it has one.
  std::string called(trial_number n) const;

  /// Number of checkpoints that are still to be saved: a study ends when there are none.
  std::size_t unsaved() const noexcept { return unsaved_.count(); }

  /// Returns why the study winds up; empty while it does not.
  const std::string& stopping() const noexcept { return stopping_; }

  /// Returns whether somebody has paused the study.
  bool paused() const noexcept { return is_paused_; }
  bool ended() const noexcept { return ended_.has_value(); }
  bool began() const noexcept { return began_.has_value(); }

  /// Returns the time since the study started, or the time it took.
  std::chrono::nanoseconds elapsed(std::chrono::nanoseconds now) const;

  /// The same until the last event.
  std::chrono::nanoseconds elapsed_so_far() const { return elapsed(last_); }

  /// Estimates the time left; none before the first trial has ended, or when nothing can be said.
  ///
  /// A trial is taken to last as long as the mean of those that have ended; a running one that has
  /// outlived the mean, as long as the longest of them. What is left of the trials that run and of
  /// those to come is shared evenly by as many as ever ran at once. The time budget is a bound.
  /// None if all that is left are running trials that have outlived every other.
  std::optional<time_estimate> time_left(std::chrono::nanoseconds now) const;

private:
  using time = std::chrono::nanoseconds;

  void on(const event_kind::study_started&, const event&);
  void on(const event_kind::trial_added&, const event&);
  void on(const event_kind::trial_started&, const event&);
  void on(const event_kind::trial_reported&, const event&);
  void on(const event_kind::trial_decided&, const event&) {}
  void on(const event_kind::trial_failed&, const event&);
  void on(const event_kind::trial_paused&, const event&);
  void on(const event_kind::trial_exploited&, const event&);
  void on(const event_kind::trial_resized&, const event&) {}
  void on(const event_kind::trial_ended&, const event&);
  void on(const event_kind::study_stopping&, const event&);
  void on(const event_kind::study_ended&, const event&);
  void on(const event_kind::checkpoint_saved&, const event&);
  void on(const event_kind::trial_leased&, const event&) {}
  void on(const event_kind::study_resumed&, const event&);
  void on(const event_kind::checkpoint_taken&, const event&);
  void on(const event_kind::checkpoint_lost&, const event&);
  void on(const event_kind::choice_asked&, const event&) {}
  void on(const event_kind::study_paused&, const event&);
  void on(const event_kind::study_continued&, const event&);
  void on(const event_kind::trial_held&, const event&);
  void on(const event_kind::limits_changed&, const event&);
  void on(const event_kind::trial_retried&, const event&);

  /// Returns trial `n`; one never heard of counts as pending, so that a study may be watched from
  /// the middle on.
  trial_view& known(trial_number n);
  /// Returns those parameters of a configuration that vary, as they are shown.
  std::vector<std::string> shortened(const config& c) const;
  void describe(trial_number n, const config& c);
  void enter(trial_number n, trial_state state, std::string_view reason, time now);
  /// Ranks a trial by what its reports come to; not at all without a score.
  void rank(trial_number n, std::optional<double> score);
  /// Time that trial `n` has run for, all attempts together.
  time ran(const trial_view&, time now) const;

  void limit(const study_limits& limits);
  void note_best(time now);
  void forget_failure(const std::string& reason);

  study study_;
  std::string name_, metric_;
  direction mode_;
  std::uint64_t total_, adopted_ = 0;
  std::optional<time> budget_;
  std::vector<std::string> varying_;
  unsaved_checkpoints unsaved_;

  std::map<trial_number, trial_view> trials_;
  std::map<trial_state, std::size_t> counts_;
  std::set<trial_number> running_;
  /// Trials that may be best: by score (negated where more is better), then by number.
  std::set<std::pair<double, trial_number>> ranking_;
  std::map<trial_number, trial_score> scores_;
  std::size_t done_ = 0, most_at_once_ = 0;
  std::size_t ran_to_end_ = 0;       ///< Trials that count for the estimate,
  time total_run_{}, longest_run_{}; ///< and how long they took.
  /// Unix times; began_ as if the study had never been stopped.
  std::optional<time> began_, ended_;
  time last_{}; ///< Of the last event.
  std::string stopping_;
  bool is_paused_ = false;
  std::optional<int> most_iterations_;
  std::map<std::string, std::size_t> failures_;
  std::optional<best_view> known_best_; ///< As last_change tells of it.
  std::optional<best_change> change_;
};

} // namespace troupe
