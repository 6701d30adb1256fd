#pragma once

#include <string_view>

namespace troupe {

/// Returns whether Troupe itself counts what is called so, whatever a program reports under it.
constexpr bool is_counted(std::string_view metric) noexcept {
  return metric == "training_iteration" || metric == "time_total_s";
}

} // namespace troupe
