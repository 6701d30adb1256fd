#pragma once

#include "search/numbers/pareto.hpp"
#include "search/schedulers/asha.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace troupe {

/// The scheduler `moasha`; its options are asha's, without brackets and variant.
extern const plugin moasha_plugin;

/// Asynchronous successive halving for several objectives: Schmucker et al., "Multi-objective
/// Asynchronous Successive Halving", arXiv:2106.12639, in the variant that stops trials and never
/// pauses them.
///
/// A trial that reaches a rung of asha's ladder is recorded there, and goes on if it is among the
/// best 1 / reduction_factor of those recorded, rounded up; what was decided once is never revised.
/// The best are found by non-dominated sorting and, in the front that does not fit, by the paper's
/// EpsNet: see among_best(). So with one objective it is asha by rank. Trials with equal values
/// fare alike, a report is judged at the highest rung it has reached and its trial has not, and
/// trials run in the order in which they were added.
///
/// - A trial with NaN in any objective is not judged, and does not count for others.
/// - A trial that ends by itself is recorded as if it had reported.
/// - What a trial that failed has left in a rung stays, and it is not judged there again.
///
/// A decision takes O(n log n + n f) for n recorded trials, f of them in the fronts above.
class moasha final : public correctable_scheduler {
public:
  /// Throws as read_asha_options and asha_ladder do.
  explicit moasha(const study& s);

  void added(trial_number n) override { queue_.append(n); }
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override { queue_.forget(n); }
  void removed(trial_number n) override { queue_.forget(n); }
  std::optional<trial_number> choose() override { return queue_.take(); }
  void correct(trial_number n, trial_state state) override { queue_.set(n, state); }

private:
  struct rung {
    double milestone;
    std::unordered_set<trial_number> trials;
    std::vector<losses> points;
  };

  rung* next_rung(trial_number n, double time);
  decision judge(trial_number n, const result& r);
  losses losses_of(const result& r) const;

  asha_options options_;
  std::vector<objective> objectives_;
  std::vector<rung> rungs_; ///< Highest first.
  trial_queue queue_;
};

} // namespace troupe
