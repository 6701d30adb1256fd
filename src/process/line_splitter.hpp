#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace troupe {

/// Cuts a stream of bytes into lines, which end with "\n" or "\r\n". A line of more than `longest`
/// bytes comes in pieces, so that what a program may print costs no memory.
class line_splitter {
public:
  static constexpr std::size_t usual_longest = std::size_t{64} * 1024;

  /// Gets a line without its end, or a piece of one; `begins` unless the line's beginning was
  /// before.
  using receiver = std::function<void(std::string_view line, bool begins)>;

  explicit line_splitter(std::size_t longest = usual_longest) : longest_{longest} {}

  void add(std::string_view bytes, const receiver& receive);

  /// Hands over what has come without an end of line.
  void finish(const receiver& receive);

private:
  void hand_over(const receiver& receive, bool ends);

  std::size_t longest_;
  std::string line_;
  bool begins_ = true;
};

} // namespace troupe
