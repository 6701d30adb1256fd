#pragma once

#include "data/http_fetch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

namespace troupe {

/// Watches a transfer: tells how far it is, and ends it when it has stalled.
class transfer_watch {
public:
  using clock = std::chrono::steady_clock;

  transfer_watch(const transfer_limits& limits, std::uint64_t bytes,
                 std::function<void(std::string_view)> say);

  /// Begins, with `received` bytes there from an earlier transfer.
  void start(std::uint64_t received, clock::time_point now = clock::now());

  /// Takes note that `received` bytes are there by now. Throws transfer_error if too few have come
  /// during the last limits.stall.
  void look(std::uint64_t received, clock::time_point now = clock::now());

private:
  transfer_limits limits_;
  std::uint64_t bytes_;
  std::function<void(std::string_view)> say_;
  clock::time_point started_, window_started_, next_word_;
  std::uint64_t received_at_start_ = 0, received_at_window_ = 0;
  clock::duration interval_{}; ///< Between the next word and the one after.
};

} // namespace troupe
