#pragma once

#include "process/line_splitter.hpp"
#include "process/socket_pair.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace troupe {

/// A trial's socket for messages, a line each, as Troupe has it: it never waits. Once the other end
/// is gone, nothing more comes, and what is sent goes nowhere.
class message_socket {
public:
  /// A line has fewer bytes than this.
  static constexpr std::size_t longest_line = std::size_t{1} << 20;
  /// So much may wait to be read by a program that does not.
  static constexpr std::size_t most_unsent = std::size_t{1} << 20;

  /// The end that the program gets; begin() once it has it.
  int others() const noexcept { return pair_.others.descriptor(); }
  /// Closes this process's copy of the other end.
  void begin() noexcept { pair_.others.reset(); }

  /// For poll(2); -1 when it is closed.
  int descriptor() const noexcept { return is_closed_ ? -1 : pair_.mine.descriptor(); }
  bool is_closed() const noexcept { return is_closed_; }
  bool has_unsent() const noexcept { return !unsent_.empty(); }

  /// Reads once what is there, and hands over its lines; returns how many bytes it was. Throws
  /// std::runtime_error if a line is too long.
  std::size_t receive(const std::function<void(std::string_view)>& take);

  /// Hands over a last line that has no end.
  void finish(const std::function<void(std::string_view)>& take);

  /// Sends `line`, or what of it the other side takes now; the rest goes with the next flush().
  /// Throws std::runtime_error if too much waits.
  void send(std::string_view line);
  void flush();

  /// Says that nothing more comes.
  void hang_up() noexcept;

private:
  socket_pair pair_;
  line_splitter lines_{longest_line};
  std::array<char, std::size_t{64} * 1024> buffer_{};
  std::string unsent_;
  bool is_closed_ = false;
  bool is_deaf_ = false; ///< The other side reads no more.
};

} // namespace troupe
