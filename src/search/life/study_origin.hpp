#pragma once

#include <troupe/config.hpp>

#include <optional>
#include <string>

namespace troupe {

/// Where a study comes from: see event_kind::study_started.
struct study_origin {
  std::optional<config> identity{};
  std::optional<std::string> program{};
};

} // namespace troupe
