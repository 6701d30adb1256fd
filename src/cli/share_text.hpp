#pragma once

#include "store/machine_share.hpp"

#include <span>
#include <string>

namespace troupe {

/// Returns who holds what of what a study asks for, in a sentence without its end: "2 of 2 CPUs are
/// held by the study in /a/b (process 4711)". Empty if nobody does.
std::string held_text(const machine_wish& wish, const machine_view& mine,
                      std::span<const machine_holding> others);

/// Returns what a study needs at least: "1 CPU", "0.5 CPUs and 2 GPUs", "GPU 1".
std::string need_text(const machine_wish& wish, const machine_view& mine);

/// Returns what a study has: "1.5 CPUs and GPUs 0 and 1".
std::string share_text(const machine_share& share, const machine_view& mine);

} // namespace troupe
