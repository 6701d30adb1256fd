#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace troupe {

/// A thread that does something again and again, until the object goes.
class heartbeat {
public:
  /// Calls `beat`, which must not throw, every `period`, for the first time after one.
  heartbeat(std::chrono::milliseconds period, std::function<void()> beat);

private:
  std::mutex mutex_;
  std::condition_variable_any wakes_;
  std::jthread thread_; ///< Ends before what it uses.
};

} // namespace troupe
