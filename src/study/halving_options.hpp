#pragma once

#include "study/members.hpp"

#include <boost/json/object.hpp>

namespace troupe {

// The options of schedulers that halve: each function reads those of one and returns them all,
// defaults included. Names and defaults are Ray Tune's.

boost::json::object read_asha(member_reader& in);
boost::json::object read_moasha(member_reader& in);
boost::json::object read_hyperband(member_reader& in);
boost::json::object read_bohb_brackets(member_reader& in);

/// Returns whether asha's options are those of the variant that pauses trials.
bool is_promotion(const boost::json::object& options);

} // namespace troupe
