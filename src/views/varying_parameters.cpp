#include "views/varying_parameters.hpp"

#include <variant>

namespace troupe {

std::vector<std::string> varying_parameters(const search_space& space) {
  std::vector<std::string> paths;
  for (const search_space::entry& e : space.entries())
    if (!std::holds_alternative<constant>(e.domain)) paths.push_back(e.path);
  return paths;
}

} // namespace troupe
