#pragma once

#include <boost/json/value.hpp>

namespace troupe {

/// Returns the space of a study file that version 0.1.0 has written, as it is written now: a list
/// of values, and an object that looks like another tool's domain, were constants there without
/// saying so. What says what it is stays as it is.
boost::json::value with_escapes(const boost::json::value& space);

} // namespace troupe
