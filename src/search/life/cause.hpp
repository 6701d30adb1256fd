#pragma once

#include <troupe/reason_kind.hpp>

#include <string>
#include <utility>

namespace troupe {

/// Why something ends: in words, and of which kind that is.
struct cause {
  cause() = default;
  cause(std::string why, reason_kind of = reason_kind::none) : text{std::move(why)}, kind{of} {}
  cause(const char* why, reason_kind of = reason_kind::none) : text{why}, kind{of} {}

  std::string text;
  reason_kind kind{};
};

} // namespace troupe
