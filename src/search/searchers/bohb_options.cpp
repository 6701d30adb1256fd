#include "search/searchers/bohb_options.hpp"

#include "base/option_values.hpp"

namespace troupe {

namespace {

using enum option_type;

constexpr option bohb_table[] = {
    {.key = "min_points_in_model",
     .type = whole,
     .help = "how many results a budget needs before it has a model; null, and what is less: one "
             "more than there are parameters",
     .fallback = "null",
     .example = "8",
     .instead = "null",
     .range = from(1, most_trials)},
    {.key = "top_n_percent",
     .type = whole,
     .help = "how many percent of the results count as good",
     .fallback = "15",
     .range = from(1, 99)},
    {.key = "num_samples",
     .type = whole,
     .help = "how many candidates to draw for a suggestion",
     .fallback = "64",
     .range = from(1, most_values)},
    {.key = "random_fraction",
     .type = number,
     .help = "which share of the suggestions is drawn at random",
     .fallback = "0.3333333333333333",
     .range = from(0, 1)},
    {.key = "bandwidth_factor",
     .type = number,
     .help = "how much wider than the model candidates are drawn",
     .fallback = "3",
     .range = from(1e-9, 1e6)},
    {.key = "min_bandwidth",
     .type = number,
     .help = "how narrow a kernel may be, where a parameter's range has the length 1",
     .fallback = "0.001",
     .range = from(1e-9, 1e6)},
};

} // namespace

constinit const plugin bohb_searcher_plugin{
    .name = "bohb",
    .summary = "kernel densities of good and other results on the largest budget that has enough, "
               "for hyperband, bohb and asha",
    .options = bohb_table};

bohb_options read_bohb_options(const boost::json::object& given) {
  const auto in = option_values::of(bohb_searcher_plugin, given);
  return {.min_points_in_model = in.maybe_count("min_points_in_model"),
          .top_n_percent = in.count("top_n_percent"),
          .num_samples = in.count("num_samples"),
          .random_fraction = in.number("random_fraction"),
          .bandwidth_factor = in.number("bandwidth_factor"),
          .min_bandwidth = in.number("min_bandwidth")};
}

} // namespace troupe
