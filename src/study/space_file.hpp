#pragma once

#include "study/fault.hpp"

#include <troupe/space.hpp>

#include <boost/json/value.hpp>

namespace troupe {

/// Reads the `space` of a study file.
///
/// A value is a domain, a nested object or list, or a constant. A domain is an object whose one key
/// names a law (`{"uniform": [0, 1]}`). In a nested list or object everything is read by the same
/// rules; a list without a domain in it is one constant. `{"const": …}` is the value as it stands;
/// `{"object": {…}}` is a nested object whose names may be those of laws. Elements of lists have
/// their index as name, so names that are numbers are refused.
///
/// Beside the law, `"when"` names conditions, {path: value or [values]}; beside "object" they hold
/// for all that is in it. Values of grid_search are read by the same rules.
///
/// The names of laws that this version lacks are reserved: they are refused, not taken for
/// parameters.
search_space read_space(const boost::json::value& v, fault_list& faults);

} // namespace troupe
