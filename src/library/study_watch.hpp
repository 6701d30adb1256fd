#pragma once

#include "library/callback_feed.hpp"

#include <troupe/actors.hpp>
#include <troupe/events.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <vector>

namespace troupe {

/// What hears of a study while it runs, on a thread of its own. If it throws, the study is
/// interrupted. It outlives the study's actors. One without anybody to tell costs nothing.
class study_watch {
public:
  /// `watch` may be empty.
  study_watch(const study& s, std::vector<study_callbacks> callbacks,
              std::function<void(const event&)> watch = {});
  study_watch(const study_watch&) = delete;
  study_watch& operator=(const study_watch&) = delete;

  /// Takes an event that was there before.
  void restore(const event& e) {
    if (feed_) feed_->restore(e);
  }

  /// Begins to listen to a study that has not started.
  void join(caf::actor_system& system, const study_actor& running);

  /// Waits until all has been told, of a study that has ended and come to `results`.
  void leave(caf::scoped_actor& self, const study_results& results);

  /// Returns what was thrown, after leave(); null if nothing was.
  const std::exception_ptr& thrown() const noexcept { return thrown_; }

private:
  std::optional<callback_feed> feed_; ///< If there are callbacks.
  std::function<void(const event&)> watch_;
  caf::strong_actor_ptr listener_;
  std::exception_ptr thrown_;
};

} // namespace troupe
