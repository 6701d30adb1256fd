#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// What a program prints, on its way to the trial's log. Of a flood only the beginning and the end
/// get there, so that it fills neither memory nor disk; between them stands
///
///     [123456 bytes are missing here]
class output_log {
public:
  struct bounds {
    std::size_t beginning = 32U << 20; ///< So many bytes go to the log as they come.
    std::size_t end = 1U << 20;        ///< Of what comes then, so many: the last.
  };

  /// `write` gets lines, several at a time, without the last one's end.
  explicit output_log(std::function<void(std::string_view)> write)
      : output_log{std::move(write), bounds{}} {}
  output_log(std::function<void(std::string_view)> write, bounds b)
      : write_{std::move(write)},
        bounds_{b} {}

  void add(std::string_view line);

  /// Writes the lines that are due: so the log does not lag behind.
  void flush();

  /// Writes what is left; nothing is added after that.
  void finish();

  /// Returns the last lines, at most 20, for a message.
  std::string last_lines() const;

private:
  void keep_last(std::string_view line);

  std::function<void(std::string_view)> write_;
  bounds bounds_;
  std::size_t begun_ = 0; ///< Bytes that count as the beginning.
  std::string due_;
  std::deque<std::string> end_;
  std::size_t end_bytes_ = 0;
  std::uint64_t missing_ = 0;
  std::deque<std::string> last_;
};

} // namespace troupe
