#include "cli/terminal.hpp"

#include "base/escape.hpp"
#include "cli/descriptor.hpp"
#include "views/text.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace troupe {
namespace {

constexpr std::string_view hide_cursor = "\x1b[?25l";
constexpr std::string_view show_cursor = "\x1b[0m\x1b[?25h";
constexpr std::string_view erase_line = "\x1b[2K";
constexpr std::string_view erase_line_above = "\x1b[A\x1b[2K";

/// The descriptor whose cursor is hidden, or -1. Global because a signal finds its terminal by it.
std::atomic<int> hidden_on{-1};
static_assert(std::atomic<int>::is_always_lock_free);

bool can_draw(int fd) {
  const char* kind = std::getenv("TERM");
  return isatty(fd) && kind && *kind && std::string_view{kind} != "dumb";
}

bool wants_colour() {
  const char* no = std::getenv("NO_COLOR");
  return !no || !*no;
}

/// Returns whether the locale has nothing but ASCII. Where none is said to hold, nobody knows.
bool knows_ascii_alone() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* locale = std::getenv(name); locale && *locale) {
      std::string said{locale};
      std::ranges::transform(said, said.begin(), [](unsigned char c) { return std::tolower(c); });
      return said.find("utf-8") == said.npos && said.find("utf8") == said.npos;
    }
  return false;
}

/// Returns the columns that a line takes: its colours take none.
int visible_width(std::string_view line) {
  std::string text;
  bool in_colour = false;
  for (const char c : line) {
    in_colour |= c == '\x1b';
    if (!in_colour) text += c;
    in_colour &= c != 'm';
  }
  return display_width(text);
}

} // namespace

terminal::terminal(int fd)
    : fd_{fd},
      interactive_{can_draw(fd)},
      colour_{interactive_ && wants_colour()},
      ascii_{knows_ascii_alone()} {}

terminal::~terminal() {
  close_frame();
}

canvas terminal::size() const {
  canvas c;
  c.colour = colour_;
  c.ascii = ascii_;
  winsize window{};
  if (ioctl(fd_, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 0) {
    c.columns = window.ws_col;
    c.rows = window.ws_row;
  }
  return c;
}

void terminal::draw(std::vector<std::string> lines) {
  if (!interactive_) return;
  const std::lock_guard lock{mutex_};
  std::string out = erasing();
  if (hidden_on.exchange(fd_) != fd_) out += hide_cursor;
  lines_ = std::move(lines);
  write_all(fd_, out + frame());
}

void terminal::say(std::string_view text) {
  const std::lock_guard lock{mutex_};
  write_all(fd_, erasing().append(escaped(text)).append("\n") + frame());
}

void terminal::close_frame() {
  const std::lock_guard lock{mutex_};
  lines_.clear();
  int mine = fd_;
  if (hidden_on.compare_exchange_strong(mine, -1)) write_all(fd_, show_cursor);
}

/// Empties the frame's rows and moves to the first. A terminal that has become narrower has wrapped
/// them. (Row by row, as clearing the screen from the top makes some terminals keep what was
/// there.)
std::string terminal::erasing() const {
  if (lines_.empty()) return {};
  const int columns = size().columns;
  int rows = 0;
  for (const std::string& line : lines_)
    rows += std::max((visible_width(line) + columns - 1) / columns, 1);
  std::string out{"\r"};
  out += erase_line; // where the terminal may have echoed a key
  for (; rows > 0; --rows)
    out += erase_line_above;
  return out;
}

std::string terminal::frame() const {
  std::string out;
  for (const std::string& line : lines_)
    out.append(line).append("\n");
  return out;
}

void restore_terminal() noexcept {
  const int fd = hidden_on.exchange(-1);
  if (fd < 0) return;
  write_all(fd, show_cursor);
}

} // namespace troupe
