#include "base/option_values.hpp"
#include "search/schedulers/bohb_scheduler.hpp"
#include "search/schedulers/hyperband.hpp"

#include <fmt/format.h>

#include <span>
#include <string_view>

namespace troupe {

namespace {

using enum option_type;

constexpr std::string_view compat[] = {"ray"};

constexpr option hyperband_table[] = {
    {.key = "time_attr",
     .type = text,
     .help = "which metric tells the time",
     .fallback = "\"training_iteration\""},
    {.key = "max_t",
     .type = number,
     .help = "the time at which trials end",
     .fallback = "81",
     .range = from(1, most_time)},
    {.key = "reduction_factor",
     .type = number,
     .help = "that one in so many goes on at each halving",
     .fallback = "3",
     .range = above(1, 1e9)},
    {.key = "stop_last_trials",
     .type = truth,
     .help = "whether max_t ends trials",
     .fallback = "true"},
    {.key = "compat",
     .type = word,
     .help = "whether a bracket is left to itself after its first halving, as in Ray Tune, where "
             "trials may wait for ever; if not given: it is not",
     .example = "\"ray\"",
     .words = compat},
};

void check_hyperband(const option_values& in, std::vector<option_problem>& problems) {
  const double factor = in.number("reduction_factor");
  if (!(halvings(in.number("max_t"), factor) < most_brackets))
    problems.push_back({"reduction_factor", fmt::format("must be larger: {} makes more than {:g} "
                                                        "brackets",
                                                        factor, most_brackets)});
}

} // namespace

constinit const plugin hyperband_plugin{
    .name = "hyperband",
    .summary = "HyperBand: trials wait for the others of their bracket, which is then halved",
    .options = hyperband_table,
    .check = check_hyperband};

constinit const plugin bohb_scheduler_plugin{
    .name = "bohb",
    .summary = "HyperBand as BOHB has it, for searchers that learn",
    .options = std::span{hyperband_table}.first(std::size(hyperband_table) -
                                                1), // its waiting brackets wake up
    .check = check_hyperband};

hyperband_options read_hyperband_options(const boost::json::object& given, const plugin& about) {
  const auto in = option_values::of(about, given);
  return {.time_attr = in.text("time_attr"),
          .max_t = in.number("max_t"),
          .reduction_factor = in.number("reduction_factor"),
          .stop_last_trials = in.truth("stop_last_trials"),
          .ray = in.find("compat") != nullptr,
          .rule = about.name};
}

} // namespace troupe
