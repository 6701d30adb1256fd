#include "cli/gzip_lines.hpp"

namespace troupe {

void gzip_lines::fail(const std::string& problem) const {
  throw line_error{name() + ":" + std::to_string(number_ + 1) + ": " + problem};
}

/// Gets more of the text; returns false at its end.
bool gzip_lines::fill() {
  try {
    buffer_ = input_.read();
  } catch (const foreign_bytes& e) {
    fail(e.what());
  } catch (const std::runtime_error& e) {
    throw std::runtime_error{name() + ": cannot be read: " + e.what()};
  }
  rest_ = buffer_;
  return !rest_.empty();
}

bool gzip_lines::next(std::string& line) {
  line.clear();
  bool has_any = false;
  while (!rest_.empty() || fill()) {
    has_any = true;
    const auto end = rest_.find('\n');
    const auto part = rest_.substr(0, end);
    if (line.size() + part.size() > longest_line)
      fail("the line is longer than " + std::to_string(longest_line >> 20U) +
           " MB; is this a file of lines?");
    line += part;
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    if (end != part.npos) break;
  }
  if (!has_any) return false;
  if (line.find('\0') != line.npos) fail("a zero byte; is this a text?");
  ++number_;
  return true;
}

} // namespace troupe
