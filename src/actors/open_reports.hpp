#pragma once

#include <troupe/actors.hpp>

#include <caf/typed_response_promise.hpp>

#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

namespace troupe {

/// The reports that trials wait to be answered. While the recorder is too far behind, answers are
/// held back: so trials write no faster than the disk.
class open_reports {
public:
  using promise = caf::typed_response_promise<report_answer>;

  /// Trial `n` waits for an answer.
  void open(trial_number n, promise p) { reports_[n] = {std::move(p), std::nullopt}; }

  /// Answers trial `n`, at once or, with `hold`, when they are released.
  void answer(trial_number n, verdict v, bool hold) {
    const auto found = reports_.find(n);
    if (found == reports_.end()) return;
    found->second.held = v;
    if (!hold) deliver(found);
  }

  /// Delivers all answers that are held back.
  void release() {
    for (auto it = reports_.begin(); it != reports_.end();)
      it = it->second.held ? deliver(it) : std::next(it);
  }

  /// Trial `n` does not wait any more.
  void forget(trial_number n) { reports_.erase(n); }

private:
  struct report {
    promise waits;
    std::optional<verdict> held;
  };
  using reports = std::unordered_map<trial_number, report>;

  reports::iterator deliver(reports::iterator at) {
    at->second.waits.deliver(report_answer{*at->second.held});
    return reports_.erase(at);
  }

  reports reports_;
};

} // namespace troupe
