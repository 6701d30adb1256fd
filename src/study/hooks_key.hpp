#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

#include <boost/json/object.hpp>

namespace troupe {

/// Reads `on`: the commands that are told what happens.
void read_hooks(member_reader& in, study_hooks& out);

/// Returns hooks as a study file has them.
boost::json::object to_json(const study_hooks& on);

} // namespace troupe
