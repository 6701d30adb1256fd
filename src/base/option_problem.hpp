#pragma once

#include <string>

namespace troupe {

/// Something that is wrong inside an option of a scheduler.
struct option_problem {
  std::string path;    ///< "hyperparam_mutations/lr/uniform": the option, and the place in it.
  std::string problem; ///< What is wrong; what is allowed.
};

} // namespace troupe
