#pragma once

#include "store/study_folder.hpp"

#include <troupe/runtime.hpp>

#include <memory>

namespace troupe {

/// As the public spawn_study, into a folder that has been opened already (or none).
study_actor spawn_study(caf::actor_system& system, study_setup setup,
                        std::unique_ptr<study_folder> folder);

} // namespace troupe
