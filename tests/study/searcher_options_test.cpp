#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

using namespace troupe;

namespace {

study with_searcher(const std::string& searcher) {
  return parse_study(R"({"metric": "loss", "space": {"x": {"uniform": [0, 1]}}, "searcher": )" +
                         searcher + "}",
                     "s.json");
}

std::string options_of(const std::string& searcher) {
  return to_text(with_searcher(searcher).searcher.options);
}

std::string fault_of(const std::string& searcher) {
  return faults_with("\"searcher\": " + searcher);
}

} // namespace

TEST_CASE("a study file's searcher options are complete, but for defaults that hang on the space") {
  CHECK(options_of(R"({"name": "random"})") == "{}");
  CHECK(options_of(R"({"name": "random", "avoid_duplicates": true})") ==
        R"({"avoid_duplicates": true})");
  CHECK(options_of(R"({"name": "sobol"})") == R"({"scramble": false})");
  CHECK(options_of(R"({"name": "sobol", "scramble": true})") == R"({"scramble": true})");
  CHECK(options_of(R"({"name": "bohb"})") ==
        R"({"min_points_in_model": null, "top_n_percent": 15, "num_samples": 64, )"
        R"("random_fraction": 0.3333333333333333, "bandwidth_factor": 3, "min_bandwidth": 0.001})");
  CHECK(options_of(R"({"name": "nsga2"})") ==
        R"({"population_size": 50, "mutation_prob": null, "crossover_prob": 0.9, )"
        R"("swapping_prob": 0.5})");
  CHECK(options_of(R"({"name": "gp"})") ==
        R"({"n_startup_trials": 10, "deterministic_objective": false})");
  CHECK(options_of(R"({"name": "cmaes"})") ==
        R"({"n_startup_trials": 1, "use_separable_cma": false, "with_margin": false, )"
        R"("lr_adapt": false})");
  CHECK(options_of(R"({"name": "cmaes", "sigma0": 1, "popsize": 9, "lr_adapt": true})") ==
        R"({"n_startup_trials": 1, "use_separable_cma": false, "with_margin": false, )"
        R"("lr_adapt": true, "sigma0": 1, "popsize": 9})");
  std::string trials = R"([{"params": {"x": 1}, "value": 2})";
  for (int i = 0; i < 9; ++i)
    trials += R"(, {"params": {"x": 0.5}, "value": 3})";
  CHECK(options_of(R"({"name": "cmaes", "source_trials": )" + trials + "]}") ==
        R"({"n_startup_trials": 1, "use_separable_cma": false, "with_margin": false, )"
        R"("lr_adapt": false, "source_trials": )" +
            trials + "]}");
}

TEST_CASE("searchers take the options that a study file has read, again and again") {
  for (const std::string searcher :
       {R"({"name": "sobol", "scramble": true})", R"({"name": "cmaes"})",
        R"({"name": "cmaes", "sigma0": 0.5, "popsize": 1000000, "with_margin": true})",
        R"({"name": "gp", "n_startup_trials": 3, "deterministic_objective": true})",
        R"({"name": "bohb"})", R"({"name": "bohb", "min_points_in_model": 9})",
        R"({"name": "nsga2", "mutation_prob": 0.5})", R"({"name": "nsga2"})"}) {
    const auto s = with_searcher(searcher);
    CHECK_NOTHROW(make_searcher(s));
    CHECK(parse_study(to_text(to_json(s)), "s.json").searcher.options == s.searcher.options);
  }
}

TEST_CASE("wrong searcher options are faults of the study file") {
  CHECK(fault_of(R"({"name": "sobol", "scramble": 1})") ==
        "s.json:1:50: searcher/scramble: must be true or false; found 1");
  CHECK(fault_of(R"({"name": "sobol", "scrambl": true})") ==
        R"(s.json:1:50: searcher/scrambl: unknown key; did you mean "scramble"?)");
  CHECK(fault_of(R"({"name": "bohb", "top_n_percent": 100})") ==
        "s.json:1:49: searcher/top_n_percent: must be a whole number from 1 to 99; found 100");
  CHECK(fault_of(R"({"name": "bohb", "min_points_in_model": 0.5})") ==
        "s.json:1:49: searcher/min_points_in_model: must be null or a whole number of at least 1; "
        "found 0.5");
  CHECK(fault_of(R"({"name": "nsga2", "population_size": 1})") ==
        "s.json:1:50: searcher/population_size: must be a whole number of at least 2; found 1");
  CHECK(fault_of(R"({"name": "nsga2", "mutation_prob": 1.5})") ==
        "s.json:1:50: searcher/mutation_prob: must be null or a number from 0 to 1; found 1.5");
  CHECK(fault_of(R"({"name": "gp", "n_startup_trials": -1})") ==
        "s.json:1:47: searcher/n_startup_trials: must be a whole number of at least 0; found -1");
  CHECK(fault_of(R"({"name": "cmaes", "sigma0": 0})") ==
        "s.json:1:50: searcher/sigma0: must be a number above 0; found 0");
  CHECK(fault_of(R"({"name": "cmaes", "popsize": 1})") ==
        "s.json:1:50: searcher/popsize: must be a whole number of at least 2; found 1");
  CHECK(fault_of(R"({"name": "cmaes", "popsize": 1000001})") ==
        "s.json:1:50: searcher/popsize: must be a whole number of at most 1000000; found 1000001");
  CHECK(fault_of(R"({"name": "cmaes", "source_trials": {}})") ==
        "s.json:1:50: searcher/source_trials: must be a list of trials; found {}");
  CHECK(fault_of(R"({"name": "cmaes", "source_trials": [{"params": {"x": 1}}]})") ==
        R"(s.json:1:50: searcher/source_trials: must have trials of the form {"params": )"
        R"({"lr": 0.1}, "value": 0.5}; found {"params": {"x": 1}})");
  CHECK(fault_of(R"({"name": "cmaes", "lr_adapt": true, "with_margin": true})") ==
        "s.json:1:50: searcher/lr_adapt: lr_adapt goes with neither use_separable_cma nor "
        "with_margin");
  CHECK(fault_of(R"({"name": "cmaes", "use_separable_cma": true, "with_margin": true})") ==
        "s.json:1:77: searcher/with_margin: use_separable_cma and with_margin exclude each other");
}
