#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

#include <string_view>

namespace troupe {

/// Returns what it is called in a study file.
std::string_view to_string(durability d) noexcept;
std::string_view to_string(isolation i) noexcept;

/// Reads the keys that say how a study is written down, and where it trains: "trial_files",
/// "durability", "isolation", "reuse", "engine".
void read_recording(member_reader& in, study& s);

} // namespace troupe
