#pragma once

#include "study/members.hpp"

namespace troupe {

/// Reads `custom`: what there is of the user's own; and `resources`: what one trial needs, which
/// may follow from its configuration. The space has been read.
void read_resources(member_reader& in, study& s);

/// Reads what the whole study may use: `max_concurrent`, `cpus`, `gpus`, `time_budget_s`, and for
/// how long its trials may run: `time_limit_s`, `progress_limit_s`. One trial must fit.
void read_limits(member_reader& in, study& s);

} // namespace troupe
