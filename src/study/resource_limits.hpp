#pragma once

#include "study/members.hpp"

#include <string>

namespace troupe {

/// Reads `custom`: what there is of the user's own; and `resources`: what one trial needs, which
/// may follow from its configuration. The space has been read.
void read_resources(member_reader& in, study& s);

/// Returns what to warn of if there is something of the user's own that no trial asks for: a name
/// that was mistyped, most likely. Empty if there is none.
std::string warning_of_custom(const study& s);

/// Reads what the whole study may use: `max_concurrent`, `cpus`, `gpus`, `time_budget_s`, and for
/// how long its trials may run: `time_limit_s`, `progress_limit_s`. One trial must fit.
void read_limits(member_reader& in, study& s);

} // namespace troupe
