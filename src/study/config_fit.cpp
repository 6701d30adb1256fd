#include "study/config_fit.hpp"

#include "search/space/variants.hpp"

#include <stdexcept>

namespace troupe {

bool fits(const search_space& space, const config& c) {
  if (space.entries().empty()) return true;
  for (const auto& entry : space.entries())
    if (const auto* value = find(c, entry.path); value && !contains(entry.domain, *value))
      return false;
  try {
    return same_value(completed(space, c, 0), c); // nothing is missing, and nothing inactive there
  } catch (const std::invalid_argument&) {
    return false; // it names what is not in the space
  }
}

} // namespace troupe
