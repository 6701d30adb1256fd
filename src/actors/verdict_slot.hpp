#pragma once

#include <troupe/scheduler.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

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
      stop_.store(true, std::memory_order_relaxed);
    }
    filled_.notify_one();
  }

  bool stopping() const noexcept { return stop_.load(std::memory_order_relaxed); }

private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::optional<verdict> verdict_;
  std::atomic<bool> stop_ = false;
};

} // namespace troupe
