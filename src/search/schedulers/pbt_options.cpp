#include "base/option_reader.hpp"
#include "base/values.hpp"
#include "search/schedulers/pbt.hpp"

#include <boost/json/array.hpp>

#include <cmath>

namespace troupe {

namespace {

std::vector<mutation> read_own_mutations(option_reader& in) {
  constexpr std::string_view name = "hyperparam_mutations";
  in.require(name);
  std::vector<option_problem> problems;
  auto mutations = read_mutations(*in.take(name), problems);
  if (!problems.empty()) in.refuse(problems.front().path, problems.front().problem);
  return mutations;
}

void read_factors(option_reader& in, std::vector<double>& factors) {
  constexpr std::string_view name = "perturbation_factors";
  const auto* given = in.take(name);
  if (!given) return;
  factors.clear();
  if (const auto* list = given->if_array())
    for (const auto& v : *list)
      factors.push_back(real_number(v).value_or(std::nan("")));
  for (const double f : factors)
    if (!std::isfinite(f)) factors.clear();
  if (factors.empty()) in.refuse(name, "must be a list of numbers, as in [1.2, 0.8]");
}

} // namespace

void read_population_options(option_reader& in, pbt_options& options) {
  in.read("time_attr", options.time_attr);
  in.read("perturbation_interval", options.perturbation_interval, 0);
  if (options.perturbation_interval == 0) in.refuse("perturbation_interval", "must be > 0");
  in.read("burn_in_period", options.burn_in_period, 0);
  in.read("quantile_fraction", options.quantile_fraction, 0, 0.5);
  bool require_attrs = true; // Whoever takes reports sees to it.
  in.read("require_attrs", require_attrs);
  in.read("synch", options.synch);
}

pbt_options read_pbt_options(const boost::json::object& given) {
  pbt_options options;
  option_reader in{"pbt", given};
  read_population_options(in, options);
  in.read("resample_probability", options.explore.resample_probability, 0, 1);
  read_factors(in, options.explore.factors);
  options.mutations = read_own_mutations(in);
  in.finish();
  return options;
}

} // namespace troupe
