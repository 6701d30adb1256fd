#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe {

/// Returns the children of this process, which must have one thread, zombies among them.
std::vector<pid_t> own_children();

/// Returns the value of a variable in the environment with which a process began; empty if it has
/// none, or cannot be read.
std::string variable_of(pid_t process, const std::string& name);

} // namespace troupe
