#pragma once

#include "search/schedulers/asha.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/promotion_rung.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe {

/// Asynchronous successive halving as its paper has it (Li et al., "A System for Massively Parallel
/// Hyperparameter Tuning", MLSys 2020, algorithm 2): trials pause at each rung below max_t, and a
/// free slot goes to the best trial that may be promoted, from the highest rung that has one; else
/// to a new trial. So no decision is final, but for that of max_t: a trial that waits may still be
/// promoted when others have done worse. The ladder and the options are those of asha, with one
/// bracket.
///
/// - A report that has passed its rung's milestone counts there, with its value; one that skips
///   rungs counts at the next one again with its next report.
/// - NaN counts among the trials of a rung, and is never promoted.
/// - A trial that ends by itself is recorded at the rung that it has come to.
/// - A trial that has failed and is added again waits with the new ones; what it left in rungs
///   stays, and it is promoted by that when it comes there again.
/// - A trial that does not pause is told to at every report until it is promoted.
///
/// Those that wait when nobody else is left are never chosen: whoever drives the study ends them.
/// A decision takes O(log n) for n recorded trials.
class asha_promotion final : public correctable_scheduler {
public:
  /// Throws as read_asha_options and asha_ladder do.
  explicit asha_promotion(const study& s);

  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override;
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override;
  void correct(trial_number n, trial_state state) override;

private:
  /// Returns the rung that `n` runs to, or waits at; null if there is none below max_t any more.
  promotion_rung* rung_of(trial_number n);
  void record(promotion_rung& at, trial_number n, const result& r);
  void wait_no_more(trial_number n);

  asha_options options_;
  double sign_;                                         ///< Times a value: larger is better.
  std::vector<promotion_rung> rungs_;                   ///< Lowest first.
  std::unordered_map<trial_number, std::size_t> goals_; ///< The rung that a trial runs to.
  trial_queue queue_; ///< Those that have not come to a rung, and those tried again.
};

} // namespace troupe
