#include "data/transfer_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace troupe {
namespace {

using seconds = std::chrono::duration<double>;

double megabytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / 1e6;
}

} // namespace

transfer_watch::transfer_watch(const transfer_limits& limits, std::uint64_t bytes,
                               std::function<void(std::string_view)> say)
    : limits_{limits},
      bytes_{bytes},
      say_{std::move(say)} {}

void transfer_watch::start(std::uint64_t received, clock::time_point now) {
  started_ = window_started_ = now;
  received_at_start_ = received_at_window_ = received;
  interval_ = limits_.first_word;
  next_word_ = now + interval_;
}

void transfer_watch::look(std::uint64_t received, clock::time_point now) {
  constexpr clock::duration longest_interval = std::chrono::seconds{20};
  if (received < received_at_window_) { // The server has begun anew.
    received_at_start_ = received_at_window_ = 0;
    started_ = window_started_ = now;
  }
  if (now >= next_word_) {
    const auto elapsed = seconds{now - started_}.count();
    say_(fmt::format("{:.0f} % ({:.1f} of {:.1f} MB, {:.1f} MB/s)",
                     100 * megabytes(received) / megabytes(bytes_), megabytes(received),
                     megabytes(bytes_),
                     elapsed > 0 ? megabytes(received - received_at_start_) / elapsed : 0));
    interval_ = std::min(interval_ * 3 / 2, longest_interval);
    next_word_ = now + interval_;
  }
  if (now - window_started_ >= limits_.stall) {
    const auto window = seconds{now - window_started_}.count();
    if (static_cast<double>(received - received_at_window_) <
        static_cast<double>(limits_.least_rate) * window)
      throw transfer_error{fmt::format("the transfer has stalled: {} bytes in the last {:.1f} s",
                                       received - received_at_window_, window)};
    window_started_ = now;
    received_at_window_ = received;
  }
}

} // namespace troupe
