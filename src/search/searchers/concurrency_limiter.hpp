#pragma once

#include "base/options.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace troupe {

/// The searcher `concurrency_limiter` and its options.
extern const plugin concurrency_limiter_plugin;

/// Passes on another searcher's suggestions, but no more than `max_concurrent` at once whose trials
/// have not ended, as Ray Tune's ConcurrencyLimiter. (The study's own max_concurrent limits the
/// trials that run; paused ones and those that wait for resources count here as well.)
///
/// With `batch` true the searcher hears of the ends of max_concurrent trials together, when the
/// last of them has ended, and there is no further suggestion before. If it has none for the rest
/// of a batch, it hears earlier: nothing waits for ever.
class concurrency_limiter final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown, missing or wrong option, and as make_wrapped
  /// does.
  explicit concurrency_limiter(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override;
  void observe(trial_number n, int iteration, const outcome& o) override;
  void complete(trial_number n, const std::optional<outcome>& last) override;
  void stopped(trial_number n, const std::optional<outcome>& last) override;

private:
  struct ended {
    trial_number number;
    std::optional<outcome> last;
    bool stopped;
  };

  void end(ended e);
  void tell(const ended& e);
  void tell_all();

  std::unique_ptr<searcher> inner_;
  std::uint32_t max_concurrent_ = 1;
  bool batch_ = false;
  std::set<trial_number> live_; ///< What counts; with batch, also what has ended but not been told.
  std::vector<ended> untold_;
};

} // namespace troupe
