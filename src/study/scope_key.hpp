#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// Reads `scope`: which report is a trial's best. Objectives are read before.
void read_scope(member_reader& in, study& s);

} // namespace troupe
