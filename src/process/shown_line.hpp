#pragma once

#include "base/escape.hpp"

#include <string>
#include <string_view>

namespace troupe {

/// Returns what a message shows of a line that a program printed: at most its first 300 bytes, in
/// whole characters, and with what is no text escaped. A NUL would end the message.
inline std::string shown_line(std::string_view line) {
  constexpr std::size_t most = 300;
  constexpr int longest_character = 4;
  const auto continues = [line](std::size_t i) {
    return (static_cast<unsigned char>(line[i]) & 0xc0U) == 0x80U;
  };
  if (line.size() <= most) return escaped(line);
  auto end = most;
  while (end > most - longest_character && continues(end))
    --end;
  return escaped(line.substr(0, continues(end) ? most : end)) + "…";
}

} // namespace troupe
