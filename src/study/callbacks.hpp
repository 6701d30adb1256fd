#pragma once

#include "study/fault.hpp"
#include "study/members.hpp"

#include <troupe/plugins.hpp>

#include <vector>

namespace troupe {

/// Reads the member "callbacks" of `in`: a list of `{"name": NAME, …options}`. Which there are, the
/// program knows that runs the study; others take them as they are.
void read_callbacks(member_reader& in, std::vector<named_options>& out);

/// Checks that `known` has the study's callbacks, and that they can have their options.
void check_callbacks(const study& s, const registry& known, fault_list& faults);

/// Makes the study's callbacks. Throws std::invalid_argument if `known` does not have them, or for
/// options that they cannot have.
std::vector<study_callbacks> make_callbacks(const study& s, const registry& known);

/// The same, without those that another program has.
std::vector<study_callbacks> make_known_callbacks(study s, const registry& known);

} // namespace troupe
