#pragma once

#include "base/file_handle.hpp"

#include <troupe/errors.hpp>
#include <troupe/metrics.hpp>
#include <troupe/scheduler.hpp>

#include <boost/json/object.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace troupe {

/// The protocol of docs/protocol.md as a program speaks it: for trials of this program's own that
/// have a process to themselves. A thread listens, so that a wish to stop is heard at any time.
/// Once the tuner is gone, the wish is that.
class trainer_link {
public:
  /// Takes the socket `descriptor`, and says hello.
  explicit trainer_link(int descriptor);
  ~trainer_link();
  trainer_link(const trainer_link&) = delete;
  trainer_link& operator=(const trainer_link&) = delete;

  /// Says hello, once more after a trial: this program waits for another one. A wish to stop that
  /// was meant for the last one is forgotten.
  void greet();

  /// Waits for what to train. Returns false if the tuner wants no more.
  bool await_order();

  /// What to train: the message `start`.
  const boost::json::object& order() const noexcept { return order_; }

  /// Reports, perhaps with the checkpoint of that name, and waits for what to do.
  verdict report(const metrics& m, const std::optional<std::string>& checkpoint);

  void progress(double fraction);
  void log(std::string_view text);
  /// The trial has failed.
  void fail(const trial_error& e);

  std::stop_token stop_token();

private:
  explicit trainer_link(file_handle socket);

  void listen();
  void take(std::string_view line);
  void request_stop();
  void say(boost::json::object message);
  boost::json::object next();

  file_handle socket_;
  boost::json::object order_;
  std::mutex mutex_; ///< Of the three below.
  std::stop_source stop_;
  std::deque<boost::json::object> heard_;
  bool is_over_ = false;
  std::condition_variable news_;
  std::mutex speaking_;
  std::thread listener_;
};

} // namespace troupe
