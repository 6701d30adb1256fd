#pragma once

#include "module/trainables_module.hpp"

#include <string>

namespace troupe {

/// Loads a module of the program into the process, for good; a second call costs nothing. `file` is
/// "troupe-fused.so" or "troupe-torch.so". It is looked for beside the program, then where `cmake
/// --install` puts it. Throws resource_error, with the file and the remedy, if it is not there,
/// cannot be loaded, or is of another build.
const trainables_module& open_module(const std::string& file);

} // namespace troupe
