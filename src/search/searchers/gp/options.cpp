#include "search/searchers/gp/options.hpp"

#include "base/option_reader.hpp"

namespace troupe {

gp_options read_gp_options(const boost::json::object& given) {
  gp_options options;
  option_reader in{"gp", given};
  in.read("n_startup_trials", options.n_startup_trials, 0);
  in.read("deterministic_objective", options.deterministic_objective);
  in.finish();
  return options;
}

} // namespace troupe
