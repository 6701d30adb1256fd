#pragma once

#include <boost/json/object.hpp>

namespace troupe {

/// Adds the schemas of "space", a search space, and "value", what may stand in it, to
/// `definitions`.
void add_space(boost::json::object& definitions);

} // namespace troupe
