#include "cli/kept_results.hpp"

#include <troupe/open_results.hpp>

#include <exception>
#include <string>

namespace troupe {

namespace {

study_results without_trials(study_results all) {
  all.trials.clear();
  all.best.reset();
  all.pareto_front.clear();
  return all;
}

} // namespace

study_results kept_results(const study_results& all, const study_layout& layout) {
  if (all.recorded == 0) return without_trials(all);
  try {
    auto kept = open_results(layout.root()).results();
    kept.interrupted = all.interrupted;
    kept.broken = all.broken;
    kept.not_recorded = all.not_recorded;
    kept.recorded = all.recorded;
    kept.stuck = all.stuck;
    for (auto& t : kept.trials)
      if (t.state == trial_state::running || t.state == trial_state::pending) {
        t.state = trial_state::interrupted;
        t.reason = all.interrupted;
        t.reason_kind = reason_kind::not_recorded;
      }
    return kept;
  } catch (const std::exception& e) {
    auto none = without_trials(all);
    none.not_recorded += std::string{"; and what is there cannot be read: "} + e.what();
    return none;
  }
}

} // namespace troupe
