#pragma once

#include "store/event_layout.hpp"

#include <optional>
#include <string_view>

/// The words that stand for values in events.
namespace troupe::detail {

/// Finds what `name` stands for; returns false if that is none of them.
/// @{
bool find_named(std::string_view name, verdict& out) noexcept;
bool find_named(std::string_view name, trial_state& out) noexcept;
bool find_named(std::string_view name, reason_kind& out) noexcept;
bool find_named(std::string_view name, stop_rule::side& out) noexcept;
/// @}

} // namespace troupe::detail
