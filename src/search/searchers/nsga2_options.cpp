#include "search/searchers/nsga2_options.hpp"

#include "base/option_values.hpp"

namespace troupe {

namespace {

using enum option_type;

constexpr option nsga2_table[] = {
    {.key = "population_size",
     .type = whole,
     .help = "how many trials are parents, and how many must end before there are new ones",
     .fallback = "50",
     .range = from(2, 1'000'000)},
    {.key = "mutation_prob",
     .type = number,
     .help = "how probably a parameter is drawn anew; null: one of them on average",
     .fallback = "null",
     .example = "0.1",
     .instead = "null",
     .range = from(0, 1)},
    {.key = "crossover_prob",
     .type = number,
     .help = "how probably a trial has two parents; else it is a copy of one, but for mutations",
     .fallback = "0.9",
     .range = from(0, 1)},
    {.key = "swapping_prob",
     .type = number,
     .help = "how probably a parameter is the second parent's",
     .fallback = "0.5",
     .range = from(0, 1)},
};

} // namespace

constinit const plugin nsga2_plugin{
    .name = "nsga2",
    .summary = "the genetic algorithm NSGA-II, for several metrics and thousands of cheap trials",
    .options = nsga2_table};

nsga2_options read_nsga2_options(const boost::json::object& given) {
  const auto in = option_values::of(nsga2_plugin, given);
  return {.population_size = in.count("population_size"),
          .mutation_prob = in.maybe_number("mutation_prob"),
          .crossover_prob = in.number("crossover_prob"),
          .swapping_prob = in.number("swapping_prob")};
}

} // namespace troupe
