#include "study/searcher_options.hpp"

#include "search/searchers/bohb_options.hpp"
#include "search/searchers/cmaes_options.hpp"
#include "search/searchers/gp/options.hpp"
#include "search/searchers/nsga2_options.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>

namespace troupe {

namespace json = boost::json;

namespace {

bool is_source_trial(const json::value& v) {
  const auto* trial = v.if_object();
  const auto* params = trial ? trial->if_contains("params") : nullptr;
  const auto* value = trial ? trial->if_contains("value") : nullptr;
  return params && params->is_object() && value && real_number(*value);
}

/// Returns the list at `source_trials`, empty if it is absent or has a fault.
json::array read_source_trials(member_reader& in) {
  const auto* v = in.take("source_trials");
  if (!v) return {};
  const auto* list = v->if_array();
  if (!list) {
    in.refuse("source_trials", "must be a list of trials; found " + describe(*v));
    return {};
  }
  for (const auto& element : *list)
    if (!is_source_trial(element)) {
      in.refuse("source_trials", "must have trials of the form {\"params\": {\"lr\": 0.1}, "
                                 "\"value\": 0.5}; found " +
                                     describe(element));
      return {};
    }
  return *list;
}

/// Adds a fault at the option of a pair that exclude each other.
void refuse_conflict(member_reader& in, const cmaes_options& options) {
  const auto problem = conflict(options);
  if (problem.empty()) return;
  in.refuse(options.source_trials.empty() ? (options.lr_adapt ? "lr_adapt" : "with_margin")
                                          : "source_trials",
            problem);
}

/// Reads a number from 0 to 1.
bool read_share(member_reader& in, std::string_view key, double& out) {
  double x = 0;
  if (!in.read(key, x)) return false;
  if (x >= 0 && x <= 1) {
    out = x;
    return true;
  }
  in.refuse(key, "must be a number from 0 to 1; found " + to_text(plain_number(x)));
  return false;
}

} // namespace

json::object read_bohb(member_reader& in) {
  bohb_options options;
  json::value min_points = nullptr;
  if (const auto* v = in.object().if_contains("min_points_in_model"); v && v->is_null())
    in.take("min_points_in_model");
  else if (std::uint32_t count = 1; in.read("min_points_in_model", count, 1))
    min_points = count;
  if (in.read("top_n_percent", options.top_n_percent, 1) &&
      options.top_n_percent > most_top_n_percent)
    in.refuse("top_n_percent", "must be at most " + std::to_string(most_top_n_percent) +
                                   "; found " + std::to_string(options.top_n_percent));
  in.read("num_samples", options.num_samples, 1);
  read_share(in, "random_fraction", options.random_fraction);
  in.read("bandwidth_factor", options.bandwidth_factor, above(0));
  in.read("min_bandwidth", options.min_bandwidth, above(0));
  return {{"min_points_in_model", min_points},
          {"top_n_percent", options.top_n_percent},
          {"num_samples", options.num_samples},
          {"random_fraction", plain_number(options.random_fraction)},
          {"bandwidth_factor", plain_number(options.bandwidth_factor)},
          {"min_bandwidth", plain_number(options.min_bandwidth)}};
}

json::object read_cmaes(member_reader& in) {
  cmaes_options options;
  in.read("sigma0", options.sigma0, above(0));
  in.read("n_startup_trials", options.n_startup_trials, 0);
  if (in.read("popsize", options.popsize, least_popsize) && *options.popsize > most_popsize)
    in.refuse("popsize", "must be at most " + std::to_string(most_popsize) + "; found " +
                             std::to_string(*options.popsize));
  in.read("use_separable_cma", options.use_separable_cma);
  in.read("with_margin", options.with_margin);
  in.read("lr_adapt", options.lr_adapt);
  const auto source_trials = read_source_trials(in);
  options.source_trials.resize(source_trials.size());
  refuse_conflict(in, options);

  auto read = json::object{{"n_startup_trials", options.n_startup_trials},
                           {"use_separable_cma", options.use_separable_cma},
                           {"with_margin", options.with_margin},
                           {"lr_adapt", options.lr_adapt}};
  if (options.sigma0) read["sigma0"] = plain_number(*options.sigma0);
  if (options.popsize) read["popsize"] = *options.popsize;
  if (!source_trials.empty()) read["source_trials"] = source_trials;
  return read;
}

json::object read_gp(member_reader& in) {
  gp_options options;
  in.read("n_startup_trials", options.n_startup_trials, 0);
  in.read("deterministic_objective", options.deterministic_objective);
  return {{"n_startup_trials", options.n_startup_trials},
          {"deterministic_objective", options.deterministic_objective}};
}

json::object read_nsga2(member_reader& in) {
  nsga2_options options;
  in.read("population_size", options.population_size, 2);
  json::value mutation_prob = nullptr;
  if (const auto* v = in.object().if_contains("mutation_prob"); v && v->is_null())
    in.take("mutation_prob");
  else if (double p = 0; read_share(in, "mutation_prob", p))
    mutation_prob = plain_number(p);
  read_share(in, "crossover_prob", options.crossover_prob);
  read_share(in, "swapping_prob", options.swapping_prob);
  return {{"population_size", options.population_size},
          {"mutation_prob", mutation_prob},
          {"crossover_prob", plain_number(options.crossover_prob)},
          {"swapping_prob", plain_number(options.swapping_prob)}};
}

json::object read_random(member_reader& in) {
  bool avoid_duplicates = false;
  in.read("avoid_duplicates", avoid_duplicates);
  // Left out unless given, so that a study without "searcher" is written as it is read.
  return avoid_duplicates ? json::object{{"avoid_duplicates", true}} : json::object{};
}

json::object read_sobol(member_reader& in) {
  bool scramble = false;
  in.read("scramble", scramble);
  return {{"scramble", scramble}};
}

} // namespace troupe
