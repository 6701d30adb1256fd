#pragma once

#include "study/fault.hpp"

#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

namespace troupe {

/// Checks that `s` gives its trainable what that says it wants: options, parameters of the right
/// kind and range, a metric that it reports, a scheduler that can do without checkpoints if there
/// are none. Parameters that have a fallback and are not in the
/// space are added to it. `file` is the study file's object: what stands there with a fault of its
/// own is not called missing.
void fit_trainable(study& s, const registry& known, const boost::json::object& file,
                   fault_list& faults);

} // namespace troupe
