#pragma once

#include "store/study_layout.hpp"

#include <troupe/study.hpp>

#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// Reads what a study was begun with: its study.json. Throws folder_error if that is damaged or
/// missing.
study stored_study(const study_layout& layout);

/// What decides what a journal means: a study with another one of these is another study.
std::span<const std::string_view> identifying_keys();

/// Says in which of `keys` the studies differ, and how: "seed is 1 there, and 2 here". Empty if in
/// none.
std::string difference(const study& there, const study& here,
                       std::span<const std::string_view> keys);

} // namespace troupe
