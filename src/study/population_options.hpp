#pragma once

#include "study/fault.hpp"
#include "study/members.hpp"

#include <troupe/study.hpp>

#include <boost/json/object.hpp>

namespace troupe {

// The options of schedulers that change the configurations of trials: each function reads those of
// one scheduler and returns them all, defaults included. Names and defaults are Ray Tune's.

boost::json::object read_pbt(member_reader& in);
boost::json::object read_pb2(member_reader& in);
boost::json::object read_pbt_replay(member_reader& in);

/// Adds a fault for everything that such a scheduler, or resource_changing, would change and
/// cannot, and for a searcher that would learn from changed configurations.
void check_population(const study& s, fault_list& faults);

} // namespace troupe
