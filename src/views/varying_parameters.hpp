#pragma once

#include <troupe/space.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Returns the paths of the parameters that differ between trials: those whose domain is no
/// constant.
std::vector<std::string> varying_parameters(const search_space& space);

} // namespace troupe
