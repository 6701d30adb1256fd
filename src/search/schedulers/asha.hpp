#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/rung.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The scheduler `asha` and its options; names and defaults are Ray Tune's.
extern const plugin asha_plugin;

/// Its options, and those of `moasha`; their tables have the ranges and defaults.
struct asha_options {
  /// What `result::time` counts. Whoever calls the scheduler reads it; here it is but a word.
  std::string time_attr;
  double max_t;                   ///< Trials end at this time.
  double grace_period;            ///< Nobody is judged before this time.
  double reduction_factor;        ///< About one in so many goes on at each rung.
  std::size_t brackets = 1;       ///< Bracket s leaves out the s lowest rungs.
  bool stop_last_trials = true;   ///< Whether max_t ends trials; see asha.
  bool promotion = false;         ///< The variant that pauses trials: see asha_promotion.
  std::string_view rule = "asha"; ///< What the scheduler is called.
};

/// Reads the options of `asha`, or of `moasha` if it is `about` that. Throws std::invalid_argument
/// as option_values::of does.
asha_options read_asha_options(const boost::json::object& options,
                               const plugin& about = asha_plugin);

/// Returns whether the options ask for the variant that pauses trials.
bool asks_for_promotion(const boost::json::object& options);

/// Returns the times of bracket 0's rungs, ascending: grace_period * reduction_factor^k for
/// k = 0, 1, … up to max_t. Throws std::invalid_argument if there are more than 1000.
///
/// They are found by multiplication. Ray Tune counts them by a rounded logarithm, which loses the
/// top rung where max_t / grace_period is certain powers, e.g. 3^5 or 10^3.
std::vector<double> asha_ladder(const asha_options& options);

/// Asynchronous successive halving: Li et al., "A System for Massively Parallel Hyperparameter
/// Tuning", MLSys 2020, in the variant that stops trials and never pauses them, as Ray Tune has it.
///
/// A trial that reaches a rung of the ladder stops if its value is worse than the (1 - 1/rf)
/// quantile of the values recorded there before, and is recorded in any case. What was decided once
/// is never revised; the first at a rung, and one as good as the quantile, go on. A report is
/// judged at the highest rung it has reached, if its trial is not recorded there yet; else, with
/// stop_last_trials, at the next lower one where it is not: a trial that skips rungs is judged
/// late.
///
/// - NaN never stops a trial and is left out of later quantiles. Two equal infinities next to each
///   other make a quantile NaN, and nobody is stopped by that.
/// - A trial that ends by itself is recorded as if it had reported.
/// - A trial that has failed and is added again draws its bracket anew. What it left in a rung
///   stays, and it is not judged there a second time.
/// - Trials are chosen in the order in which they were added.
///
/// A decision takes O(log n) for n recorded trials.
class asha final : public correctable_scheduler {
public:
  /// Throws as read_asha_options and asha_ladder do.
  explicit asha(const study& s);

  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void recall(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override { queue_.forget(n); }
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override { return queue_.take(); }
  void correct(trial_number n, trial_state state) override { queue_.set(n, state); }

private:
  using bracket = std::vector<rung>; ///< Highest first.

  struct seat {
    std::size_t bracket = 0;
    std::uint32_t draws = 0; ///< How often the trial has drawn one.
  };

  std::size_t draw_bracket(trial_number n, std::uint32_t draw) const;
  rung* next_rung(trial_number n, double time);
  bool is_at_end(const result& r) const;
  decision judge(trial_number n, const result& r);
  std::string stop_reason(const rung& at, const result& r, double cutoff) const;

  asha_options options_;
  std::string metric_;
  double sign_; ///< Times a value: larger is better.
  std::uint64_t seed_;
  std::vector<bracket> brackets_;
  std::vector<double> shares_; ///< Of the brackets, cumulative and not normalised.
  std::unordered_map<trial_number, seat> seats_;
  trial_queue queue_;
};

} // namespace troupe
