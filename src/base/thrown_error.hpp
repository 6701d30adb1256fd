#pragma once

#include <troupe/errors.hpp>

namespace troupe {

/// Returns the exception that is being handled as its trial tells it, wherever that trains: of what
/// kind it is, and what it says, which is something. To be called in a `catch`.
trial_error thrown_error();

} // namespace troupe
