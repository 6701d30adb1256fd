#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace troupe {

/// Returns "1 trial", "2 trials", "0 trials". `n` is a number of any kind, written as fmt does; the
/// noun is one whose plural has an s.
template <class Number>
std::string count_text(Number n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

} // namespace troupe
