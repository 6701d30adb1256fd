#pragma once

#include "study/members.hpp"

namespace troupe {

/// Reads `resources`: what one trial needs.
void read_resources(member_reader& in, resources& r);

/// Reads what the whole study may use: `max_concurrent`, `cpus`, `gpus`, `time_budget_s`, and for
/// how long its trials may run: `time_limit_s`, `progress_limit_s`. One trial must fit.
void read_limits(member_reader& in, study& s);

} // namespace troupe
