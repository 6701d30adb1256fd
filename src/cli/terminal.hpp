#pragma once

#include "cli/live_view.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What Troupe tells a person: messages, and below them, on a terminal, a live frame.
///
/// Everything that goes to the descriptor goes through here, so that messages stand above the frame
/// and nothing tears. Each call makes one write(2). While a frame stands the cursor is hidden; it
/// comes back with close_frame(), with the destructor, and with restore_terminal().
///
/// All members may be called from any thread. What cannot be written (the terminal has gone, the
/// disk is full) is lost: the view is never a reason to end a study. One at a time may draw frames.
class terminal {
public:
  /// `fd` is borrowed: it must stay open, and is not closed.
  explicit terminal(int fd);
  ~terminal();
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Returns whether frames can be drawn: `fd` is a terminal and TERM is neither unset nor "dumb".
  bool interactive() const noexcept { return interactive_; }

  /// Returns the size of the terminal now, which follows its window; 80x24 if it is not known.
  /// There is colour if it is interactive and NO_COLOR is unset or empty, and ASCII alone where the
  /// locale (LC_ALL, LC_CTYPE, LANG) has no UTF-8.
  canvas size() const;

  /// Draws a frame in place of the one before. `lines` may contain colours, must fit the size, and
  /// be fewer than its rows. Does nothing if not interactive.
  void draw(std::vector<std::string> lines);

  /// Writes `text`, escaped, as a line of its own, above the frame if there is one.
  void say(std::string_view text);

  /// Leaves the frame standing as it is, and shows the cursor. What comes next is written below.
  void close_frame();

private:
  std::string erasing() const;
  std::string frame() const;

  const int fd_;
  const bool interactive_;
  const bool colour_, ascii_;
  std::mutex mutex_;
  std::vector<std::string> lines_; ///< The frame that stands.
};

/// Shows the cursor again if a frame hides it. Async-signal-safe: for just before _exit.
void restore_terminal() noexcept;

} // namespace troupe
