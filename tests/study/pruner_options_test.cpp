#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/scheduler.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace troupe;

namespace {

/// Returns the options, defaults included, of a scheduler that is written so; it can be made.
std::string options_of(const std::string& scheduler) {
  const auto s = parse_study(R"({"metric": "loss", "scheduler": )" + scheduler + "}", "");
  CHECK(make_scheduler(s));
  return to_text(s.scheduler.options);
}

/// Returns the faults of a scheduler's options, without their place.
std::string faults(const std::string& name, const std::string& options) {
  std::string said;
  auto rest = faults_with(R"("scheduler": {"name": ")" + name + "\"" +
                          (options.empty() ? "" : ", ") + options + "}") +
              "\n";
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1))
    if (end > 0)
      said +=
          (said.empty() ? "" : "; ") + rest.substr(rest.find(": ") + 2, end - rest.find(": ") - 2);
  return said;
}

} // namespace

TEST_CASE("pruning rules have the names and defaults of Optuna's constructors") {
  constexpr auto counts =
      R"("n_startup_trials": 5, "n_warmup_steps": 0, "interval_steps": 1, "n_min_trials": 1})";
  CHECK(options_of(R"({"name": "optuna_median"})") == std::string{"{"} + counts);
  CHECK(options_of(R"({"name": "optuna_percentile", "percentile": 12.5})") ==
        std::string{R"({"percentile": 12.5, )"} + counts);
  CHECK(options_of(R"({"name": "optuna_successive_halving"})") ==
        R"({"min_resource": "auto", "reduction_factor": 4, "min_early_stopping_rate": 0, )"
        R"("bootstrap_count": 0})");
  CHECK(options_of(R"({"name": "optuna_hyperband", "max_resource": 81})") ==
        R"({"min_resource": 1, "max_resource": 81, "reduction_factor": 3, "bootstrap_count": 0})");
  CHECK(options_of(R"({"name": "wilcoxon"})") == R"({"p_threshold": 0.1, "n_startup_steps": 2})");
  CHECK(options_of(R"({"name": "threshold", "upper": 2})") ==
        R"({"lower": null, "upper": 2, "n_warmup_steps": 0, "interval_steps": 1})");
  CHECK(options_of(R"({"name": "patient", "patience": 3})") ==
        R"({"wrapped_pruner": null, "patience": 3, "min_delta": 0})");
}

TEST_CASE("patient writes out the rule that it wraps, and that one may wrap another") {
  const auto options = options_of(R"({"name": "patient", "patience": 1, "min_delta": 0.5,
      "wrapped_pruner": {"name": "patient", "patience": 2, "wrapped_pruner": {"name": "wilcoxon"}}})");
  CHECK(
      options ==
      R"({"wrapped_pruner": {"name": "patient", "wrapped_pruner": {"name": "wilcoxon", "p_threshold": 0.1, )"
      R"("n_startup_steps": 2}, "patience": 2, "min_delta": 0}, "patience": 1, "min_delta": 0.5})");
  CHECK(options_of(R"({"name": "patient", "wrapped_pruner": null, "patience": 0})") ==
        R"({"wrapped_pruner": null, "patience": 0, "min_delta": 0})");
}

TEST_CASE("the options of pruning rules are checked") {
  CHECK(faults("optuna_median", R"("n_min_trials": 0)") ==
        "scheduler/n_min_trials: must be a whole number of at least 1; found 0");
  CHECK(faults("optuna_median", R"("n_startup": 3)") ==
        R"(scheduler/n_startup: unknown key; did you mean "n_startup_trials"?)");
  CHECK(faults("optuna_percentile", "") ==
        "scheduler/percentile: is missing; it says how many percent of the trials are good enough");
  CHECK(faults("optuna_percentile", R"("percentile": 100.5)") ==
        "scheduler/percentile: must be a number from 0 to 100; found 100.5");
  CHECK(faults("optuna_successive_halving", R"("min_resource": "car")") ==
        R"(scheduler/min_resource: must be "auto" or a whole number of at least 1; found the text )"
        R"("car")");
  CHECK(faults("optuna_successive_halving", R"("min_resource": 0, "reduction_factor": 1)") ==
        R"(scheduler/min_resource: must be "auto" or a whole number of at least 1; found 0; )"
        "scheduler/reduction_factor: must be a whole number of at least 2; found 1");
  CHECK(faults("optuna_successive_halving", R"("bootstrap_count": 1)") ==
        R"(scheduler/bootstrap_count: above 0 needs a min_resource other than "auto")");
  CHECK(faults("optuna_hyperband", R"("bootstrap_count": 1, "max_resource": "auto")") ==
        R"(scheduler/bootstrap_count: above 0 needs a max_resource other than "auto")");
  CHECK(faults("optuna_hyperband", R"("min_resource": 9, "max_resource": 3)") ==
        "scheduler/max_resource: must be at least min_resource, 9");
  CHECK(faults("wilcoxon", R"("p_threshold": -0.5)") ==
        "scheduler/p_threshold: must be a number from 0 to 1; found -0.5");
  CHECK(faults("threshold", "") == "scheduler: needs lower or upper, a number each");
  CHECK(faults("threshold", R"("lower": "x")") ==
        R"(scheduler/lower: must be null or a number; found the text "x")");
  CHECK(faults("threshold", R"("lower": 2, "upper": 1)") ==
        "scheduler/lower: must not be above upper, 1");
}

TEST_CASE("the options of patient are checked, those of its rule too") {
  CHECK(faults("patient", "") ==
        "scheduler/patience: is missing; it says for how many reports to wait for a better one");
  CHECK(faults("patient", R"("patience": 1, "min_delta": -1)") ==
        "scheduler/min_delta: must be a number of at least 0; found -1");
  CHECK(
      faults("patient", R"("patience": 1, "wrapped_pruner": 3)") ==
      R"(scheduler/wrapped_pruner: must be null or an object, as in {"name": "optuna_median"}; found 3)");
  CHECK(
      faults("patient", R"("patience": 1, "wrapped_pruner": {"name": "optuna_medium"})") ==
      R"(scheduler/wrapped_pruner/name: unknown wrapped_pruner "optuna_medium"; did you mean "optuna_median"?)");
  CHECK(faults("patient",
               R"("patience": 1, "wrapped_pruner": {"name": "wilcoxon", "p_threshold": 2})") ==
        "scheduler/wrapped_pruner/p_threshold: must be a number from 0 to 1; found 2");
  CHECK(faults("patient", R"("patience": 1, "wraped_pruner": null)") ==
        R"(scheduler/wraped_pruner: unknown key; did you mean "wrapped_pruner"?)");
}
