#include "search/searchers/cmaes_options.hpp"

#include "base/option_values.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

using enum option_type;

bool is_source_trial(const json::value& v) {
  const auto* trial = v.if_object();
  const auto* params = trial ? trial->if_contains("params") : nullptr;
  const auto* value = trial ? trial->if_contains("value") : nullptr;
  return params && params->is_object() && value && value->is_number();
}

json::value read_source_trials(std::string_view key, const json::value& v,
                               std::vector<option_problem>& problems) {
  const auto refuse = [&](const std::string& problem) {
    problems.push_back({std::string{key}, problem});
    return nullptr;
  };
  const auto* list = v.if_array();
  if (!list) return refuse("must be a list of trials; found " + describe(v));
  const auto wrong = std::ranges::find_if_not(*list, is_source_trial);
  if (wrong != list->end())
    return refuse(R"(must have trials of the form {"params": {"lr": 0.1}, "value": 0.5}; found )" +
                  describe(*wrong));
  return v;
}

constexpr option_form source_trials{
    .words = "a list of trials",
    .schema = R"({"type": "array", "items": {"type": "object", "required": ["params", "value"],
      "properties": {"params": {"type": "object"}, "value": {"type": "number"}}}})",
    .read = read_source_trials};

constexpr option cmaes_table[] = {
    {.key = "n_startup_trials",
     .type = whole,
     .help = "how many trials must have ended with a value; until then suggestions are random",
     .fallback = "1",
     .range = from(0, most_trials)},
    {.key = "use_separable_cma",
     .type = truth,
     .help = "whether to learn no dependencies between parameters: for very many of them; ignored "
             "for one",
     .fallback = "false"},
    {.key = "with_margin",
     .type = truth,
     .help = "whether integers are kept from getting stuck at one value",
     .fallback = "false"},
    {.key = "lr_adapt",
     .type = truth,
     .help = "whether to adapt the learning rates: for noisy or rugged metrics; not with the two "
             "before",
     .fallback = "false"},
    {.key = "sigma0",
     .type = number,
     .help = "the initial step size, where every parameter's range has the length 1; if not "
             "given: 1/6",
     .example = "0.3",
     .range = above(0, 1e6)},
    {.key = "popsize",
     .type = whole,
     .help = "how many trials a generation has; if not given: 4 + floor(3 ln d) for d parameters",
     .example = "8",
     .range = from(2, 1'000'000)},
    {.key = "source_trials",
     .type = formed,
     .help = "at least 10 trials of a similar study, from the best tenth of which the search "
             "starts; not with sigma0 or use_separable_cma",
     .fallback = "[]",
     .silent = true,
     .example = R"([{"params": {"lr": 0.1}, "value": 0.5}])",
     .form = &source_trials},
};

void check_cmaes(const option_values& in, std::vector<option_problem>& problems) {
  const bool separable = in.truth("use_separable_cma");
  const bool margin = in.truth("with_margin");
  const bool has_source = in.find("source_trials");
  if (separable && margin)
    problems.push_back({"with_margin", "use_separable_cma and with_margin exclude each other"});
  else if (in.truth("lr_adapt") && (separable || margin))
    problems.push_back(
        {"lr_adapt", "lr_adapt goes with neither use_separable_cma nor with_margin"});
  if (has_source && separable)
    problems.push_back({"source_trials", "source_trials give a full covariance: they do not go "
                                         "with use_separable_cma"});
  if (has_source && in.find("sigma0"))
    problems.push_back(
        {"source_trials", "source_trials say how wide to start: they do not go with sigma0"});
}

} // namespace

constinit const plugin cmaes_plugin{
    .name = "cmaes",
    .summary = "CMA-ES, for numeric parameters on which the metric depends smoothly",
    .options = cmaes_table,
    .check = check_cmaes};

cmaes_options read_cmaes_options(const json::object& given) {
  const auto in = option_values::of(cmaes_plugin, given);
  std::vector<cmaes_options::source_trial> trials;
  if (const auto* list = in.find("source_trials"))
    for (const auto& trial : list->get_array())
      trials.push_back({trial.at("params").get_object(), trial.at("value").to_number<double>()});
  return {.sigma0 = in.maybe_number("sigma0"),
          .n_startup_trials = in.count("n_startup_trials"),
          .popsize = in.maybe_count("popsize"),
          .use_separable_cma = in.truth("use_separable_cma"),
          .with_margin = in.truth("with_margin"),
          .lr_adapt = in.truth("lr_adapt"),
          .source_trials = std::move(trials)};
}

} // namespace troupe
