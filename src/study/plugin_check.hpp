#pragma once

#include "study/fault.hpp"
#include "study/members.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// What searchers, those inside others too, and schedulers ask of the rest of a study. `in` reads
/// the study.
/// @{

/// Adds a fault for each that knows one objective where there are several.
void check_objectives(const member_reader& in, const study& s, fault_list& faults);

/// Adds a fault for each parameter without an end of values, if a searcher goes through all; and
/// for each grid_search that a searcher does not go through.
void check_space(const study& s, fault_list& faults);

/// Adds a fault if one of them cannot be made of a study that has no other faults.
void check_making(const study& s, fault_list& faults);
/// @}

} // namespace troupe
