#pragma once

#include "study/members.hpp"

#include <boost/json/object.hpp>

namespace troupe {

/// Each reads the options of a searcher that wraps another, `"searcher": {"name": …}`, and returns
/// them all, defaults included; so also those of the other one.
/// @{
boost::json::object read_concurrency_limiter(member_reader& in);
boost::json::object read_repeater(member_reader& in);
/// @}

} // namespace troupe
