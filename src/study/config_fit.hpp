#pragma once

#include <troupe/config.hpp>
#include <troupe/space.hpp>

namespace troupe {

/// Returns whether `c` is a configuration that could be drawn from a space: each parameter that is
/// active has a value of its law, and nothing else is there. A space without parameters, which
/// leaves them to a program's function, takes any.
bool fits(const search_space& space, const config& c);

} // namespace troupe
