#pragma once

#include "module/torch_module.hpp"

namespace troupe {

/// Loads the module with libtorch into the process, for good; a second call costs nothing. It is
/// looked for beside the program, then where `cmake --install` puts it. Throws resource_error, with
/// the file and the remedy, if it is not there, cannot be loaded, or is of another build.
const torch_module& open_torch_module();

} // namespace troupe
