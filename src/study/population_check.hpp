#pragma once

#include "study/fault.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// Adds a fault for what a scheduler's options say of a study that has no such parameters, searcher
/// or resources.
void check_population(const study& s, fault_list& faults);

} // namespace troupe
