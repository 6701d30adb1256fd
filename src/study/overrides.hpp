#pragma once

#include "study/fault.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Applies KEY=JSON options to the value of a study file. KEY is a path; objects on its way are
/// made where they are missing, elements of lists must be there. A value that is not JSON counts as
/// a string, unless it was to be: begins as JSON and is cut off. null takes away a key that is
/// there, at whatever depth. From then on, faults at KEY, and at what was made on the way to it,
/// are blamed on the option.
void apply_overrides(boost::json::value& root, const std::vector<std::string>& options,
                     fault_list& faults);

} // namespace troupe
