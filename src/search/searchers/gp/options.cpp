#include "search/searchers/gp/options.hpp"

#include "base/option_values.hpp"

namespace troupe {

namespace {

using enum option_type;

constexpr option table[] = {
    {.key = "n_startup_trials",
     .type = whole,
     .help = "how many trials must have ended with a value; until then suggestions are random",
     .fallback = "10",
     .range = from(0, most_trials)},
    {.key = "deterministic_objective",
     .type = truth,
     .help = "whether results have no noise, so that the same trial has the same",
     .fallback = "false"},
};

} // namespace

constinit const plugin gp_plugin{.name = "gp",
                                 .summary =
                                     "a Gaussian process of the metric, for few and costly trials",
                                 .options = table};

gp_options read_gp_options(const boost::json::object& given) {
  const auto in = option_values::of(gp_plugin, given);
  return {.n_startup_trials = in.count("n_startup_trials"),
          .deterministic_objective = in.truth("deterministic_objective")};
}

} // namespace troupe
