#include "search/searchers/cmaes_options.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view wanted) {
  throw std::invalid_argument{fmt::format("cmaes: {} must be {}", option, wanted)};
}

double positive_number(std::string_view option, const json::value& v) {
  const double x = v.is_number() ? v.to_number<double>() : std::nan("");
  if (!(x > 0) || std::isinf(x)) refuse(option, "a number > 0");
  return x;
}

std::uint32_t count(std::string_view option, const json::value& v, std::uint32_t least,
                    std::uint32_t most) {
  const double x = v.is_number() ? v.to_number<double>() : -1;
  if (!(x >= least && x <= most) || x != std::floor(x))
    refuse(option, fmt::format("a whole number from {} to {}", least, most));
  return static_cast<std::uint32_t>(x);
}

bool truth(std::string_view option, const json::value& v) {
  if (!v.is_bool()) refuse(option, "true or false");
  return v.get_bool();
}

std::vector<cmaes_options::source_trial> trials(std::string_view option, const json::value& v) {
  constexpr std::string_view wanted =
      "a list of objects {\"params\": {…}, \"value\": a number}, as of a study's results";
  if (!v.is_array()) refuse(option, wanted);
  std::vector<cmaes_options::source_trial> list;
  for (const auto& element : v.get_array()) {
    const auto* trial = element.if_object();
    const auto* params = trial ? trial->if_contains("params") : nullptr;
    const auto* value = trial ? trial->if_contains("value") : nullptr;
    if (!params || !params->is_object() || !value || !value->is_number()) refuse(option, wanted);
    list.push_back({params->get_object(), value->to_number<double>()});
  }
  return list;
}

void read_option(cmaes_options& options, std::string_view key, const json::value& v) {
  if (key == "sigma0")
    options.sigma0 = positive_number(key, v);
  else if (key == "n_startup_trials")
    options.n_startup_trials = count(key, v, 0, std::numeric_limits<std::uint32_t>::max());
  else if (key == "popsize")
    options.popsize = count(key, v, least_popsize, most_popsize);
  else if (key == "use_separable_cma")
    options.use_separable_cma = truth(key, v);
  else if (key == "with_margin")
    options.with_margin = truth(key, v);
  else if (key == "lr_adapt")
    options.lr_adapt = truth(key, v);
  else if (key == "source_trials")
    options.source_trials = trials(key, v);
  else
    throw std::invalid_argument{
        fmt::format("cmaes: unknown option \"{}\"; known are sigma0, n_startup_trials, popsize, "
                    "use_separable_cma, with_margin, lr_adapt, source_trials",
                    key)};
}

} // namespace

std::string conflict(const cmaes_options& options) {
  if (options.use_separable_cma && options.with_margin)
    return "use_separable_cma and with_margin exclude each other";
  if (options.lr_adapt && (options.use_separable_cma || options.with_margin))
    return "lr_adapt goes with neither use_separable_cma nor with_margin";
  if (!options.source_trials.empty() && options.use_separable_cma)
    return "source_trials give a full covariance: they do not go with use_separable_cma";
  if (!options.source_trials.empty() && options.sigma0)
    return "source_trials say how wide to start: they do not go with sigma0";
  return {};
}

cmaes_options read_cmaes_options(const json::object& given) {
  cmaes_options options;
  for (const auto& member : given)
    read_option(options, member.key(), member.value());
  if (const auto problem = conflict(options); !problem.empty())
    throw std::invalid_argument{"cmaes: " + problem};
  return options;
}

} // namespace troupe
