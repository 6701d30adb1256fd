#pragma once

#include <troupe/reason_kind.hpp>

#include <concepts>
#include <string>
#include <utility>

namespace troupe {

/// Why something ends: in words, and of which kind that is.
struct cause {
  template <std::convertible_to<std::string> Text>
  cause(Text&& why, reason_kind of = reason_kind::none) : text(std::forward<Text>(why)),
                                                          kind{of} {}

  std::string text;
  reason_kind kind;
};

} // namespace troupe
