#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// Reads `keep`: how many checkpoints of a trial stay, and by which metric. The study's metrics
/// have been read.
void read_keep(member_reader& in, study& s);

} // namespace troupe
