#pragma once

#include "study/members.hpp"

#include <boost/json/object.hpp>

namespace troupe {

/// Read the options of the stoppers (search/stoppers.hpp) from a study file, and return them all,
/// but for those whose default hangs on the study.
/// @{
boost::json::object read_budget(member_reader& in);
boost::json::object read_experiment_plateau(member_reader& in);
boost::json::object read_maximum_iteration(member_reader& in);
boost::json::object read_target(member_reader& in);
boost::json::object read_trial_plateau(member_reader& in);
/// @}

} // namespace troupe
