#pragma once

#include "base/option_values.hpp"

#include <troupe/study.hpp>

#include <string_view>

namespace troupe {

/// The options by which a stopper says what metric it looks at.
/// @{
inline constexpr std::string_view stopper_modes[] = {"min", "max"};
inline constexpr option stopper_metric{.key = "metric",
                                       .type = option_type::text,
                                       .help = "which metric to look at; if not given: the study's",
                                       .example = "\"loss\""};
inline constexpr option stopper_mode{
    .key = "mode",
    .type = option_type::word,
    .help = "which way that metric gets better; if not given: as the study says",
    .example = "\"min\"",
    .words = stopper_modes};
/// @}

/// Returns what they say, or the study if they do not.
objective watched_by(const option_values& in, const study& s);

} // namespace troupe
