#pragma once

#include <troupe/trainable.hpp>

#include <string>

namespace troupe {

/// Returns a study file to begin with, which tunes `t`: with comments that say what may be changed,
/// and laws for its parameters within the ranges that they have. It can be run as it is, as far as
/// the trainable needs no more than numbers.
std::string study_template(const trainable& t);

/// The same for a program of any kind, which has still to be named.
std::string command_template();

} // namespace troupe
