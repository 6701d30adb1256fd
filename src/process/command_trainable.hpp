#pragma once

#include "process/running_process.hpp"

#include <troupe/trainable.hpp>

#include <functional>

namespace troupe {

/// Returns the trainable "command", as troupe::command() does. `make_starter` is called once per
/// study, before its trials.
trainable command_trainable(std::function<process_starter()> make_starter);

} // namespace troupe
