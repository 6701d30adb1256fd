#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace troupe {

/// Takes SIGINT, SIGTERM and SIGHUP while it lives, on a thread of its own, so that handlers are
/// ordinary code. The first signal asks for an orderly end; the second, or the first while nobody
/// can be asked, leaves the process at once, with exit code 128 + signal and the cursor restored.
///
/// Blocks them in the thread that makes it and in all threads made after it: make it before
/// them.
class signal_watch {
public:
  signal_watch();
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// What the first signal does: it is given its number, and who has sent it in its place, if not
  /// the system.
  using first_answer = std::function<void(int signal, std::string_view by)>;

  /// From now on the first signal calls `on_first`; one that leaves the process says `last_words`
  /// on stderr.
  void ask_first(first_answer on_first, std::string last_words = {});

  /// As if SIGINT had come, but for leaving at once. Returns false and does nothing if some signal
  /// has come already, or nobody can be asked.
  bool interrupt(std::string_view by);

  /// From now on nobody can be asked.
  void leave_at_once() { ask_first({}); }

  /// Waits so long, or until a signal has come, whatever it was asked to do; returns whether one
  /// has.
  bool wait(std::chrono::milliseconds longest);

  /// Returns the signal that came first, or 0.
  int caught() const noexcept { return caught_.load(); }

private:
  void watch();
  void handle(int signal);

  int signals_ = -1;
  int wake_ = -1;
  std::mutex mutex_;
  std::condition_variable has_come_;
  first_answer on_first_;
  std::string last_words_;
  std::atomic<int> caught_ = 0;
  std::thread thread_;
};

} // namespace troupe
