#pragma once

#include "study/members.hpp"

#include <boost/json/object.hpp>

namespace troupe {

/// Each reads a searcher's options and returns them all, defaults included, but for those whose
/// default depends on the space.
/// @{
boost::json::object read_bohb(member_reader& in);
boost::json::object read_cmaes(member_reader& in);
boost::json::object read_gp(member_reader& in);
boost::json::object read_nsga2(member_reader& in);
boost::json::object read_random(member_reader& in);
boost::json::object read_sobol(member_reader& in);
/// @}

} // namespace troupe
