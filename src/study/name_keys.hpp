#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

#include <string>

namespace troupe {

/// Reads `name`: what a study, and so its results folder, is called.
void read_name(member_reader& in, study& s);

/// Reads `trial_name`: what its trials are called. The space has been read.
void read_trial_name(member_reader& in, study& s);

/// Returns the name of a study that has none of its own: that of its file, if it will do.
std::string default_name(const std::string& file);

} // namespace troupe
