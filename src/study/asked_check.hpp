#pragma once

#include <troupe/study.hpp>

#include <string>

namespace troupe {

/// Refuses what cannot be kept to where other programs train the trials and keep their states
/// (`ask`, `tell`): a scheduler that lets a trial go on from another's checkpoint. Throws
/// invalid_study; `name` is what its fault calls the study file.
void check_asked(const study& s, const std::string& name);

} // namespace troupe
