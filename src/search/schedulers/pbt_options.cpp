#include "base/option_values.hpp"
#include "base/values.hpp"
#include "search/schedulers/pb2.hpp"
#include "search/schedulers/pbt.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace troupe {

namespace json = boost::json;

namespace {

using enum option_type;

constexpr std::size_t most_factors = 1000;

json::value read_own_mutations(std::string_view, const json::value& v,
                               std::vector<option_problem>& problems) {
  read_mutations(v, problems);
  return v;
}

json::value read_own_bounds(std::string_view, const json::value& v,
                            std::vector<option_problem>& problems) {
  read_bounds(v, problems);
  return v;
}

json::value read_factors(std::string_view key, const json::value& v,
                         std::vector<option_problem>& problems) {
  const auto* list = v.if_array();
  const auto is_finite = [](const json::value& x) {
    return x.is_number() && std::isfinite(x.to_number<double>());
  };
  if (!list || list->empty() || list->size() > most_factors ||
      !std::ranges::all_of(*list, is_finite))
    problems.push_back(
        {std::string{key}, "must be a list of numbers, as in [1.2, 0.8]; found " + describe(v)});
  return v;
}

constexpr option_form mutations{.words = "an object that names what to change",
                                .schema = R"({"type": "object", "minProperties": 1})",
                                .read = read_own_mutations};
constexpr option_form bounds{.words = "an object with [low, high] for each parameter to change",
                             .schema = R"({"type": "object", "minProperties": 1})",
                             .read = read_own_bounds};
constexpr option_form factors{
    .words = "a list of numbers",
    .schema = R"({"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 1000})",
    .read = read_factors};

constexpr option pbt_time_attr{.key = "time_attr",
                               .type = text,
                               .help = "which metric tells the time",
                               .fallback = "\"time_total_s\""};
constexpr option perturbation_interval{.key = "perturbation_interval",
                                       .type = number,
                                       .help = "the time between two looks at a trial",
                                       .fallback = "60",
                                       .range = above(0, most_time)};
constexpr option burn_in_period{.key = "burn_in_period",
                                .type = number,
                                .help = "the time before which no trial is looked at",
                                .fallback = "0",
                                .range = from(0, most_time)};
constexpr option quantile_fraction{
    .key = "quantile_fraction",
    .type = number,
    .help = "which share of the trials, the worst, takes over from as many of the best",
    .fallback = "0.25",
    .range = from(0, 0.5)};
constexpr option require_attrs{.key = "require_attrs",
                               .type = truth,
                               .help = "whether a report without time_attr fails its trial",
                               .fallback = "true"};
constexpr option synch{.key = "synch",
                       .type = truth,
                       .help =
                           "whether all trials wait for each other at common times, when all of "
                           "the worst change at once",
                       .fallback = "false"};

constexpr std::string_view pbt_compat[] = {"ray"};

constexpr option pbt_table[] = {
    pbt_time_attr,
    perturbation_interval,
    burn_in_period,
    {.key = "hyperparam_mutations",
     .type = formed,
     .help = "what to change: a list has values to step along, a law is drawn from or its draw "
             "multiplied",
     .required = true,
     .example = R"({"lr": {"loguniform": [1e-4, 1]}})",
     .form = &mutations},
    quantile_fraction,
    {.key = "resample_probability",
     .type = number,
     .help = "how probably a parameter is drawn anew instead of changed",
     .fallback = "0.25",
     .range = from(0, 1)},
    {.key = "perturbation_factors",
     .type = formed,
     .help = "by which of these a parameter with a law is multiplied; integers are rounded",
     .fallback = "[1.2, 0.8]",
     .form = &factors},
    require_attrs,
    synch,
    {.key = "compat",
     .type = word,
     .help = "whether a product may be what its law cannot give, beyond its bounds or between its "
             "values, as in Ray Tune; if not given: it may not, and choice is stepped along",
     .example = "\"ray\"",
     .words = pbt_compat},
};

constexpr option pb2_table[] = {
    pbt_time_attr,
    perturbation_interval,
    burn_in_period,
    {.key = "hyperparam_bounds",
     .type = formed,
     .help = "what to change; between which bounds, integers are rounded",
     .required = true,
     .example = R"({"lr": [1e-4, 0.1]})",
     .form = &bounds},
    quantile_fraction,
    require_attrs,
    synch,
};

/// Reads those options that both have.
pbt_options read_common(const plugin& about, const option_values& in) {
  pbt_options options;
  options.rule = about.name;
  options.time_attr = in.text("time_attr");
  options.perturbation_interval = in.number("perturbation_interval");
  options.burn_in_period = in.number("burn_in_period");
  options.quantile_fraction = in.number("quantile_fraction");
  options.synch = in.truth("synch");
  return options;
}

} // namespace

constinit const plugin pbt_plugin{
    .name = "pbt",
    .summary = "population-based training: the worst go on from the best, somewhat changed",
    .options = pbt_table};

constinit const plugin pb2_plugin{
    .name = "pb2",
    .summary = "population-based bandits: pbt for small populations, with a model of the gains",
    .options = pb2_table};

pbt_options read_pbt_options(const json::object& given) {
  const auto in = option_values::of(pbt_plugin, given);
  auto options = read_common(pbt_plugin, in);
  std::vector<option_problem> none;
  options.mutations = read_mutations(in.at("hyperparam_mutations"), none);
  options.explore.resample_probability = in.number("resample_probability");
  options.explore.factors.clear();
  for (const auto& factor : in.at("perturbation_factors").get_array())
    options.explore.factors.push_back(factor.to_number<double>());
  options.explore.keep_bounds = in.find("compat") == nullptr;
  return options;
}

std::pair<pbt_options, std::vector<parameter_bounds>> read_pb2_options(const json::object& given) {
  const auto in = option_values::of(pb2_plugin, given);
  std::vector<option_problem> none;
  return {read_common(pb2_plugin, in), read_bounds(in.at("hyperparam_bounds"), none)};
}

} // namespace troupe
