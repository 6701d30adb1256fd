#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/scheduler.hpp>
#include <troupe/trainable.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace troupe;

namespace {

constexpr auto space = R"("metric": "loss", "space": {
  "lr": {"loguniform": [1e-4, 1]}, "n": {"choice": [1, 2]}, "net": {"width": 8},
  "half": {"expr": "n / 2"}, "more": {"uniform": [0, 1], "when": {"kind": "a"}},
  "kind": {"choice": ["a", "b"]}}, )";

study study_with(const std::string& members) {
  return parse_study(std::string{"{"} + space + members + "}", "s.json");
}

/// Returns what is wrong with a study with these members, without the place in the file.
std::string faults(const std::string& members) {
  const auto text = faults_of(std::string{"{"} + space + members + "}");
  const auto colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

std::string pbt_with(const std::string& options) {
  return R"("scheduler": {"name": "pbt", )" + options + "}";
}

} // namespace

TEST_CASE("population-based training has the names and defaults of Ray Tune") {
  const auto s = study_with(pbt_with(R"("hyperparam_mutations": {"lr": [1, 2]})"));
  CHECK(make_scheduler(s));
  CHECK(to_text(s.scheduler.options) ==
        R"({"time_attr": "time_total_s", "perturbation_interval": 60, "burn_in_period": 0, )"
        R"("hyperparam_mutations": {"lr": [1, 2]}, "quantile_fraction": 0.25, )"
        R"("resample_probability": 0.25, "perturbation_factors": [1.2, 0.8], )"
        R"("require_attrs": true, "synch": false})");
  const auto again = parse_study(to_text(to_json(s)), "again.json");
  CHECK(to_text(to_json(again)) == to_text(to_json(s)));
}

TEST_CASE("population-based training needs something to change") {
  CHECK(faults(R"("scheduler": {"name": "pbt"})") ==
        R"(scheduler/hyperparam_mutations: is missing; it says what to change, as in )"
        R"({"lr": {"loguniform": [1e-4, 1]}})");
  CHECK(faults(pbt_with(R"("hyperparam_mutations": {})"))
            .starts_with("scheduler/hyperparam_mutations: must name what to change"));
  CHECK(faults(pbt_with(R"("hyperparam_mutations": {"lr": {"uniform": [1, 0]}})"))
            .starts_with("scheduler/hyperparam_mutations/lr/uniform: "));
}

TEST_CASE("what is not in the space cannot change, nor what others depend on") {
  const auto fault = [](const std::string& mutations) {
    return faults(pbt_with(R"("hyperparam_mutations": )" + mutations));
  };
  CHECK(fault(R"({"net": {"width": [8, 16]}, "half": [1, 2], "more": [0.1]})").empty());
  CHECK(fault(R"({"lrr": [1]})")
            .starts_with(
                "scheduler/hyperparam_mutations/lrr: is not in the space; did you mean \"lr\"?"));
  CHECK(fault(R"({"net": {"depth": [1]}})")
            .starts_with("scheduler/hyperparam_mutations/net/depth: is not in the space"));
  CHECK(fault(R"({"n": [1, 2]})") == "scheduler/hyperparam_mutations/n: cannot change while a "
                                     "trial runs, as space/half depends on it");
  CHECK(fault(R"({"kind": ["a", "b"]})") == "scheduler/hyperparam_mutations/kind: cannot change "
                                            "while a trial runs, as space/more depends on it");
}

TEST_CASE("numbers of population-based training are kept to their ranges") {
  const auto fault = [](const std::string& option) {
    return faults(pbt_with(R"("hyperparam_mutations": {"lr": [1]}, )" + option));
  };
  CHECK(fault(R"("quantile_fraction": 0.6)") ==
        "scheduler/quantile_fraction: must be a number from 0 to 0.5; found 0.6");
  CHECK(fault(R"("resample_probability": 2)") ==
        "scheduler/resample_probability: must be a number from 0 to 1; found 2");
  CHECK(fault(R"("perturbation_factors": [1, "a"])")
            .starts_with("scheduler/perturbation_factors: must be a list of numbers"));
  CHECK(fault(R"("perturbation_interval": 0)").starts_with("scheduler/perturbation_interval: "));
  CHECK(fault(R"("synch": 1)").starts_with("scheduler/synch: "));
  CHECK(fault(R"("log_config": true)").starts_with("scheduler/log_config: "));
}

TEST_CASE("population-based bandits have bounds in place of mutations") {
  const auto with = [](const std::string& options) {
    return R"("scheduler": {"name": "pb2", )" + options + "}";
  };
  const auto s = study_with(with(R"("hyperparam_bounds": {"lr": [1e-3, 0.1]})"));
  CHECK(make_scheduler(s));
  CHECK(to_text(s.scheduler.options) ==
        R"({"time_attr": "time_total_s", "perturbation_interval": 60, "burn_in_period": 0, )"
        R"("hyperparam_bounds": {"lr": [0.001, 0.1]}, "quantile_fraction": 0.25, )"
        R"("require_attrs": true, "synch": false})");
  CHECK(faults(with(R"("synch": true)")) ==
        R"(scheduler/hyperparam_bounds: is missing; it says what to change, as in )"
        R"({"lr": [1e-4, 0.1]})");
  CHECK(faults(with(R"("hyperparam_bounds": {"lr": [1]})")) ==
        "scheduler/hyperparam_bounds/lr: must be [low, high], two numbers, low < high; found [1]");
  CHECK(faults(with(R"("hyperparam_bounds": {"lrr": [0, 1]})"))
            .starts_with("scheduler/hyperparam_bounds/lrr: is not in the space; did you mean"));
  CHECK(faults(with(R"("hyperparam_bounds": {"n": [0, 1]})"))
            .starts_with("scheduler/hyperparam_bounds/n: cannot change while a trial runs"));
  CHECK(faults(with(R"("hyperparam_bounds": {"lr": [0, 1]})") + R"(, "searcher": {"name": "tpe"})")
            .starts_with("searcher/name: \"pb2\" changes configurations"));
}

TEST_CASE("a policy to replay names what is in the space") {
  const auto fault = [](const std::string& policy) {
    return faults(R"("scheduler": {"name": "pbt_replay", "policy": )" + policy + "}");
  };
  const auto s = study_with(R"("scheduler": {"name": "pbt_replay", "policy": [[5, {"lr": 3}]]})");
  CHECK(make_scheduler(s));
  CHECK(to_text(s.scheduler.options) == R"({"policy": [[5, {"lr": 3}]]})");
  CHECK(fault(R"([[5, {"lr": 3}], [9, {"learning_rate": 3}]])")
            .starts_with("scheduler/policy/1/1/learning_rate: "));
  CHECK(fault("[[5]]").starts_with("scheduler/policy/0: must be [iteration, configuration]"));
  CHECK(faults(R"("scheduler": {"name": "pbt_replay"})")
            .starts_with("scheduler/policy: is missing; it says what to change when"));
}

TEST_CASE("the scheduler that shares out resources wraps another with all its options") {
  const auto wrapped = [](const std::string& options) {
    return R"("cpus": 8, "scheduler": {"name": "resource_changing")" + options + "}";
  };
  const auto s = study_with(wrapped(R"(, "base": {"name": "median", "grace_period": 3})"));
  CHECK(make_scheduler(s));
  CHECK(to_text(s.scheduler.options)
            .starts_with(
                R"({"base": {"name": "median", "time_attr": "time_total_s", "grace_period": 3, )"));
  CHECK(to_text(study_with(wrapped("")).scheduler.options) ==
        R"({"base": {"name": "fifo"}, "increase_by_times": -1})");
  CHECK(faults(wrapped(R"(, "base": {"name": "pbt"})"))
            .starts_with("scheduler/base/name: unknown base \"pbt\""));
  CHECK(faults(wrapped(R"(, "increase_by": {"cpu": 0})")) ==
        "scheduler/increase_by: must be more than nothing");
  CHECK(faults(wrapped(R"(, "increase_by": {"gpu": 0.5})")) ==
        "scheduler/increase_by: needs whole GPUs, here and in the study's resources");
  CHECK(
      faults(wrapped(R"(, "increase_by_times": 1.5)"))
          .starts_with("scheduler/increase_by_times: must be -1 or a whole number of at least 1"));
}

TEST_CASE("a searcher that learns is refused where configurations change") {
  const auto mutations = pbt_with(R"("hyperparam_mutations": {"lr": [1]})");
  CHECK(faults(mutations + R"(, "searcher": {"name": "sobol"})").empty());
  CHECK(faults(mutations + R"(, "searcher": {"name": "tpe"})") ==
        "searcher/name: \"pbt\" changes configurations while trials run, so that \"tpe\" would "
        "learn from the wrong ones; those that do not learn: grid, sobol, random");
}

TEST_CASE("what a trainable wants of a parameter holds for its mutations") {
  trainable net;
  net.name = "net";
  net.train = [](trial&) {};
  net.parameters = {{"width", parameter::kind::integer, 1, 1024, {}, ""},
                    {"lr", parameter::kind::real, 0, {}, boost::json::value{0.1}, ""}};
  const auto fault = [&](const std::string& mutations, bool checkpoints = true) -> std::string {
    registry all;
    net.checkpoints = checkpoints;
    all.add(net);
    try {
      parse_study(R"({"metric": "loss", "trainable": {"name": "net"}, "space": {"width": 8}, )" +
                      pbt_with(R"("hyperparam_mutations": )" + mutations) + "}",
                  "s.json", {}, &all);
      return {};
    } catch (const invalid_study& e) {
      return e.faults().front().path + ": " + e.faults().front().problem;
    }
  };
  CHECK(fault(R"({"width": [4, 8], "lr": {"uniform": [0, 1]}})").empty());
  CHECK(fault(R"({"width": [4, 0.5]})") ==
        "scheduler/hyperparam_mutations/width: trainable \"net\" wants an integer >= 1 and <= "
        "1024; this may be 0.5");
  CHECK(fault(R"({"width": {"uniform": [1, 8]}})").ends_with("may be numbers with a fraction"));
  CHECK(fault(R"({"lr": [1]})", false)
            .starts_with("scheduler/name: \"pbt\" pauses trials, but trainable \"net\" reports no "
                         "checkpoints to go on from"));
}
