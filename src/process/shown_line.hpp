#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Returns what a message shows of a line that a program printed: at most its first 300 bytes.
inline std::string shown_line(std::string_view line) {
  constexpr std::size_t most = 300;
  return std::string{line.substr(0, most)} + (line.size() > most ? "…" : "");
}

} // namespace troupe
