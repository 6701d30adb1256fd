#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Returns a text that two values have in common if, and only if, they are the same (same_value).
/// It has no line ends.
std::string key_of(const boost::json::value& v);

/// Returns `values` with the first of equal ones only.
std::vector<boost::json::value> without_repeats(const std::vector<boost::json::value>& values);

} // namespace troupe
