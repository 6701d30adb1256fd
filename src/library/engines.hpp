#pragma once

#include "library/devices.hpp"
#include "store/study_folder.hpp"

#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

namespace troupe {

/// Decides with which of its trainable's engines a study trains: sets s.engine, where there is a
/// choice. A study that goes on, which is in `past` if that is not null, keeps the one that it was
/// made with. Throws invalid_study if the one that `s` names does not train on these devices, or is
/// not the one that it was made with.
void decide_engine(study& s, const trainable& t, const device_plan& devices,
                   const study_folder* past);

} // namespace troupe
