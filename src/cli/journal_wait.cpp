#include "cli/journal_wait.hpp"

#include "base/clock.hpp"
#include "store/journal.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace troupe {

namespace {

using namespace std::chrono_literals;

bool has_news(const std::filesystem::path& journal, std::uint64_t seen) {
  try {
    return last_seq_in(journal) != seen;
  } catch (const std::runtime_error&) {
    return true; // whoever asks now is told
  }
}

} // namespace

bool wait_for_news(const std::filesystem::path& journal, std::uint64_t seen,
                   std::optional<std::int64_t> expires,
                   std::chrono::steady_clock::time_point until) {
  // Short waits are answered soon, and long ones cost little.
  constexpr std::chrono::nanoseconds longest_pause = 500ms;
  for (std::chrono::nanoseconds pause = 20ms;; pause = std::min(pause * 3 / 2, longest_pause)) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero()) return false;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(pause, left));
    if (expires && unix_ns() > *expires) return true;
    if (has_news(journal, seen)) return true;
  }
}

} // namespace troupe
