#include "search/searchers/tpe/options.hpp"

#include "base/option_values.hpp"

#include <string_view>

namespace troupe {

namespace {

using enum option_type;

constexpr std::string_view bandwidth_rules[] = {"neighbours", "shared"};

constexpr option table[] = {
    {.key = "n_startup_trials",
     .type = whole,
     .help = "how many trials must have ended; until then suggestions are random",
     .fallback = "10",
     .range = from(0, most_trials)},
    {.key = "n_ei_candidates",
     .type = whole,
     .help = "how many candidates to draw for a suggestion",
     .fallback = "24",
     .range = from(1, most_values)},
    {.key = "group",
     .type = truth,
     .help = "whether parameters that not all trials have are drawn jointly, too, in groups that "
             "occur together; needs multivariate",
     .fallback = "false"},
    {.key = "constant_liar",
     .type = truth,
     .help = "whether trials that still run count among the worse ones",
     .fallback = "true"},
    {.key = "prior_weight",
     .type = number,
     .help = "how much the prior counts beside one trial",
     .fallback = "1",
     .range = above(0, 1e9)},
    {.key = "consider_magic_clip",
     .type = truth,
     .help = "whether kernels have a least width, which falls with the number of trials",
     .fallback = "true"},
    {.key = "consider_endpoints",
     .type = truth,
     .help = "whether the bounds are neighbours of the outermost trials",
     .fallback = "false"},
    {.key = "bandwidths",
     .type = word,
     .help = "how wide kernels are: as the larger gap to their neighbours, or all alike (as in "
             "Optuna 4's multivariate mode)",
     .fallback = "\"neighbours\"",
     .words = bandwidth_rules},
    {.key = "multivariate",
     .type = truth,
     .help = "whether parameters that all trials have are drawn jointly; if not given: with one "
             "metric",
     .example = "true"},
};

void check(const option_values& in, std::vector<option_problem>& problems) {
  if (in.truth("group") && !in.maybe_truth("multivariate").value_or(true))
    problems.push_back({"group", "needs multivariate to be true: groups are drawn jointly"});
}

} // namespace

constinit const plugin tpe_plugin{.name = "tpe",
                                  .summary = "the tree-structured Parzen estimator, for any space",
                                  .options = table,
                                  .check = check};

tpe_options read_tpe_options(const boost::json::object& given) {
  const auto in = option_values::of(tpe_plugin, given);
  tpe_options options;
  options.n_startup_trials = in.count("n_startup_trials");
  options.n_ei_candidates = in.count("n_ei_candidates");
  options.multivariate = in.maybe_truth("multivariate");
  options.group = in.truth("group");
  options.constant_liar = in.truth("constant_liar");
  options.kernels.prior_weight = in.number("prior_weight");
  options.kernels.consider_magic_clip = in.truth("consider_magic_clip");
  options.kernels.consider_endpoints = in.truth("consider_endpoints");
  options.kernels.bandwidths =
      in.text("bandwidths") == "shared" ? tpe::bandwidths::shared : tpe::bandwidths::neighbours;
  return options;
}

} // namespace troupe
