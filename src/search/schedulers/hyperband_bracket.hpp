#pragma once

#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// What can be said about HyperBand in a study file.
struct hyperband_options {
  std::string time_attr{};      ///< What `result::time` counts.
  double max_t = 0;             ///< Trials end at this time; >= 1.
  double reduction_factor = 0;  ///< One in so many goes on at each halving; > 1.
  bool stop_last_trials = true; ///< Whether max_t ends trials.
  bool ray = false; ///< "compat": "ray": a bracket is left to itself after its first halving.
  std::string_view rule = "hyperband"; ///< What the scheduler is called.
};

/// How a bracket begins.
struct bracket_plan {
  double trials = 0;        ///< A whole number, as the following.
  double milestone = 0;     ///< The time of the first halving; 0: there is no such bracket.
  std::size_t halvings = 0; ///< How many there are.
};

/// There are fewer halvings than this in any bracket.
constexpr double most_brackets = 1000;

/// Returns how often the largest bracket is halved, round(ln max_t / ln reduction_factor).
double halvings(double max_t, double reduction_factor);

/// Returns the brackets of a band in the order in which they are filled: S = round(ln max_t / ln
/// reduction_factor) + 1 of them, where bracket s has ceil(S / (s + 1) * rf^s) trials and s
/// halvings, the first at floor(max_t / rf^s). Throws std::invalid_argument if there are more than
/// 1000.
///
/// Ray Tune multiplies by a rounded power, and so loses the largest bracket where max_t is certain
/// powers, e.g. 3^6; with `ray` that is so here too.
std::vector<bracket_plan> hyperband_band(const hyperband_options& options);

/// One bracket of HyperBand: trials that run to a milestone, wait there for each other, and are
/// halved, i.e. all but the best 1 / reduction_factor end; and so on, to the last milestone.
///
/// The trials that may run are those that have not begun and those that were let go on after a
/// halving. Worse values end first, among equal ones those of earlier trials; NaN is the worst.
///
/// Without `ray`, a bracket is halved or ended as soon as none of its trials is awaited any more,
/// whatever the reason. With it, trials that leave after the first halving, or when only the last
/// milestone is ahead, are not noticed: the others may wait for ever.
///
/// A bracket may gather: until it has been filled once, trials that come to its milestone wait,
/// even if none is awaited; and a trial that comes to the last milestone ends at once.
class hyperband_bracket {
public:
  enum class start : std::uint8_t { at_once, gathers };

  hyperband_bracket(const hyperband_options& options, const bracket_plan& plan,
                    start how = start::at_once);

  bool empty() const noexcept { return seats_.empty(); }
  /// Returns whether it has all the trials that it should have at its present milestone.
  bool filled() const noexcept { return static_cast<double>(seats_.size()) == size_; }
  /// Returns whether trials may run.
  bool ready() const noexcept { return !ready_.empty(); }
  /// Returns the share of its work that is done, in [0, 1].
  double completion() const noexcept;
  double milestone() const noexcept { return milestone_; }
  /// Returns whether any of its trials runs.
  bool runs() const noexcept;

  /// The trial takes part from now on, and has not begun.
  void add(trial_number n);

  /// Returns whether the trial takes part.
  bool holds(trial_number n) const { return places_.contains(n); }

  /// A trial of the bracket has reported `value`, larger is better. It leaves the bracket if the
  /// answer is stop, and so do those that stop with it; but for one that ends at once, as it has
  /// had all that there is: that one is to leave(), and what follows for others has reasons of its
  /// own.
  decision report(trial_number n, double time, double value);

  /// A trial of the bracket leaves it. Returns who stops because of that.
  decision leave(trial_number n);

  /// Halves a bracket that gathers, all of whose trials wait at the milestone, although it is not
  /// full; does nothing to another. Returns who stops because of that.
  decision halve_early();

  /// Returns the first trial that may run, which then runs; none if there is none.
  std::optional<trial_number> choose();

  /// See correctable_scheduler.
  void correct(trial_number n, trial_state state);

private:
  using place = std::uint64_t; ///< In the order of adding.

  struct seat {
    trial_number number = 0;
    double time = 0;
    double value = 0;
    bool running = false;
  };

  bool goes_on(const seat& s) const noexcept;
  bool finished() const noexcept;
  bool gathers() const noexcept { return how_ == start::gathers && !full_; }
  void count_behind() noexcept;
  void remove(place at);
  decision process(std::optional<trial_number> caller);
  void advance(std::optional<trial_number> caller, decision& d);
  std::vector<place> ranked() const;
  void halve(std::optional<trial_number> caller, decision& d);
  void end(const std::vector<place>& whom, std::optional<trial_number> caller, decision& d);
  void let_go_on(std::optional<trial_number> caller, decision& d);

  hyperband_options options_;
  double size_, milestone_;
  std::size_t halvings_;
  start how_;
  double last_milestone_;
  bool full_ = false;              ///< Has been, at least once.
  double work_ = 0, progress_ = 0; ///< In units of time.
  bool locked_ = false;            ///< Has been halved.
  std::size_t behind_ = 0;         ///< Trials that have yet to reach the milestone.
  place end_ = 0;
  std::map<place, seat> seats_;
  std::unordered_map<trial_number, place> places_;
  std::set<place> ready_;
};

} // namespace troupe
