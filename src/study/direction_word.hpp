#pragma once

#include <troupe/study.hpp>

#include <optional>
#include <string_view>

namespace troupe {

/// Returns what study files call a direction: "min" or "max".
constexpr std::string_view word_of(direction d) noexcept {
  return d == direction::min ? "min" : "max";
}

/// The inverse; none for another word.
constexpr std::optional<direction> direction_of(std::string_view word) noexcept {
  if (word == word_of(direction::min)) return direction::min;
  if (word == word_of(direction::max)) return direction::max;
  return std::nullopt;
}

} // namespace troupe
