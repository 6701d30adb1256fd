#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace troupe {

/// A place where a replayed decision is not the recorded one.
struct difference {
  std::size_t event = 0; ///< In its case, from 1.
  std::string recorded, got;
};

struct replayed_case {
  boost::json::object text; ///< The case with its outcomes replaced by the replayed ones.
  std::size_t events = 0;
  std::vector<difference> differences; ///< In order.
};

/// Puts a recorded case through the real decision code:
///
///     {"scheduler": "asha", "mode": "min", "params": {…}, "events": [
///       {"op": "add", "trial": "a"}                                       a trial waits
///       {"op": "choose", "trial": "a", "actions": []}                     a slot is free: a runs
///       {"op": "result", "trial": "a", "t": 1, "value": 0.5, "decision": "CONTINUE", "actions":
///       []}
///       {"op": "complete", "trial": "a", "t": 2, "value": 0.4, "actions": []}]}
///
/// `params` are the scheduler's options. Recorded outcomes are `trial` of a choice (null: none),
/// `decision` (CONTINUE, STOP, PAUSE) and `actions`, a list of ["stop", trial] that ends paused
/// trials, ["exploit", trial, donor, config], and ["resources", trial, {"cpu", "gpu",
/// "memory_gb"}]. Trials may be added with a `config`. `seed` is the
/// study's, 0 if absent; `cpus`, `gpus` and `resources` {"cpu", "gpu"} are too. A result that was
/// answered with STOP is also given to the scheduler as the trial's completion. A value of null is
/// NaN; "nan", "inf" and "-inf" are allowed too. With several objectives `mode` is a list, ["min",
/// "max"], and so is `value`. A running trial that is added has failed and is
/// tried again. After a difference the replay goes on as recorded; an outcome that is absent is
/// filled in. A case may have `study`, the study's name, which optuna_hyperband needs.
///
/// A case of a pruning rule has another form:
///
///     {"study": "s", "pruner": "median", "params": {…}, "direction": "minimize", "events": [
///       {"op": "start", "trial": 0}
///       {"op": "report", "trial": 0, "step": 1, "value": 0.5, "prune": false}
///       {"op": "finish", "trial": 0, "state": "COMPLETE", "value": 0.5}]}
///
/// Pruners and their `params` have Optuna's names: median, percentile, successive_halving,
/// hyperband, wilcoxon, patient (`wrapped_pruner`: null or {"pruner", "params"}), threshold. States
/// are COMPLETE, PRUNED, FAIL. Recorded outcomes are `prune`, `p` of Wilcoxon's test, which agrees
/// within 1e-9, and `bracket` of Hyperband. A trial may go on although it should have ended.
///
/// Throws std::invalid_argument, naming the event, for a case that is not of this form.
replayed_case replay(boost::json::object recorded);

} // namespace troupe
