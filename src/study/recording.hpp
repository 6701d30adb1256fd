#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// Reads the keys that say how a study is written down: "trial_files".
void read_recording(member_reader& in, study& s);

} // namespace troupe
