#pragma once

#include <troupe/scheduler.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace troupe {

/// Where a training thread waits for the verdict on its report: a slot for one verdict, and a stop
/// token that outranks it.
class verdict_slot {
public:
  /// Waits for a verdict or the stop token, whichever comes first. Called by the training thread.
  verdict wait() {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] { return verdict_ || stopping(); });
    if (stopping()) return verdict::stop;
    return *std::exchange(verdict_, std::nullopt);
  }

  void put(verdict v) {
    {
      const std::lock_guard lock{mutex_};
      verdict_ = v;
    }
    filled_.notify_one();
  }

  /// From now on every wait ends at once, and stopping() is true.
  void request_stop() {
    {
      const std::lock_guard lock{mutex_};
      stop_.request_stop();
    }
    filled_.notify_one();
  }

  bool stopping() const noexcept { return stop_.stop_requested(); }

  /// Its callbacks run on the thread that requests the stop, and must not wait for this slot.
  std::stop_token stop_token() const noexcept { return stop_.get_token(); }

private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::optional<verdict> verdict_;
  std::stop_source stop_;
};

} // namespace troupe
