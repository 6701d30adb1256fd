#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// Tells from looks at a file whether whoever renews it still does so. Only the watcher's own clock
/// counts, and of the time between two looks at most `period`: a watcher that was suspended itself,
/// or waited for a file server that nobody could write to, has not watched meanwhile.
class still_watch {
public:
  using clock = std::chrono::steady_clock;

  /// So many periods without a change are the end.
  static constexpr int most_missed = 10;

  enum class finding : std::uint8_t {
    unsure, ///< Nothing has changed yet: look again, at least once per period.
    moves,  ///< It has been renewed since the last look.
    still,  ///< It has not been for most_missed periods.
  };

  /// Looks for the first time, at `content` and `now`.
  still_watch(std::string_view content, std::chrono::milliseconds period, clock::time_point now)
      : content_{content},
        period_{period},
        last_look_{now} {}

  /// Looks again.
  finding look(std::string_view content, clock::time_point now);

private:
  std::string content_;
  std::chrono::milliseconds period_;
  clock::time_point last_look_;
  clock::duration watched_{}; ///< While it did not change.
};

} // namespace troupe
