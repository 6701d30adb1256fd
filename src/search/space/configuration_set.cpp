#include "search/space/configuration_set.hpp"

#include "search/space/value_key.hpp"

namespace troupe {

std::string configuration_set::key_of(const config& c) const {
  std::string key;
  for (const auto& e : space_.entries()) {
    if (const auto* v = find(c, e.path)) key += troupe::key_of(*v);
    key += '\n'; // never within a value: it would be escaped
  }
  return key;
}

} // namespace troupe
