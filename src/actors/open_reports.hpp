#pragma once

#include "actors/messages.hpp"

#include <caf/typed_response_promise.hpp>

#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace troupe {

/// The reports that trials wait to be answered, by trial and attempt. While the recorder is too far
/// behind, answers are held back: so trials write no faster than the disk.
class open_reports {
public:
  using promise = caf::typed_response_promise<report_answer>;

  /// Attempt `attempt` of trial `n` waits for an answer.
  void open(trial_number n, int attempt, promise p) {
    reports_[{n, attempt}] = {std::move(p), std::nullopt};
  }

  /// Answers it, at once or, with `hold`, when answers are released.
  void answer(trial_number n, int attempt, verdict v, bool hold) {
    const auto found = reports_.find({n, attempt});
    if (found == reports_.end()) return;
    found->second.held = v;
    if (!hold) deliver(found);
  }

  /// Delivers all answers that are held back.
  void release() {
    for (auto it = reports_.begin(); it != reports_.end();)
      it = it->second.held ? deliver(it) : std::next(it);
  }

  /// It does not wait any more.
  void forget(trial_number n, int attempt) { reports_.erase({n, attempt}); }

private:
  struct report {
    promise waits;
    std::optional<verdict> held;
  };
  using reports = std::map<std::pair<trial_number, int>, report>;

  reports::iterator deliver(reports::iterator at) {
    at->second.waits.deliver(report_answer{*at->second.held});
    return reports_.erase(at);
  }

  reports reports_;
};

} // namespace troupe
