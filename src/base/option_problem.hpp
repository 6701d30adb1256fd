#pragma once

#include <string>

namespace troupe {

/// Something that is wrong with the options of a plugin.
struct option_problem {
  std::string path;    ///< "hyperparam_mutations/lr/uniform": the option, and the place in it;
                       ///< empty if it is about several.
  std::string problem; ///< What is wrong; what is allowed.
};

} // namespace troupe
