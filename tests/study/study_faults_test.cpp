#include "study/faults_of.hpp"

#include <doctest/doctest.h>

TEST_CASE("all faults are told at once, in the order of the file, those of options last") {
  CHECK(faults_of(R"({
  "seed": -1,
  "num_sample": 3,
  "space": {"lr": {"loguniform": [0, 0.1]},
            "momentum": {"unifrom": [0, 1]}},
  "mode": "maximum",
  "scheduler": {"name": "ahsa"}
})",
                  {"max_failures=-1"}) ==
        R"(s.json:1:1: metric: is missing; it names the metric to judge by, as in "loss"
s.json:2:3: seed: must be a whole number of at least 0; found -1
s.json:3:3: num_sample: unknown key; did you mean "num_samples"?
s.json:4:20: space/lr/loguniform: loguniform needs finite 0 < low < high; found [0.0, 0.1]
s.json:5:26: space/momentum/unifrom: unknown primitive; did you mean "uniform"? (for a parameter )"
        R"(called unifrom write {"object": {"unifrom": …}})
s.json:6:3: mode: must be "min" or "max"; found the text "maximum"
s.json:7:17: scheduler/name: unknown scheduler "ahsa"; did you mean "asha"?
--set max_failures: must be a whole number of at least 0; found -1)");
}

TEST_CASE("a study must be an object") {
  CHECK(faults_of("// nothing\n  []") == "s.json:2:3: a study must be an object; found []");
}

TEST_CASE("a key that stands twice is a fault beside the others") {
  CHECK(faults_of("{\"metric\": \"loss\", \"seed\": 1,\n \"seed\": -2}") ==
        "s.json:2:2: seed: stands twice in one object; keep one\n"
        "s.json:2:2: seed: must be a whole number of at least 0; found -2");
}

TEST_CASE("an unknown key far from all known ones lists them") {
  CHECK(faults_with(R"("budget_of_the_whole": [])") ==
        "s.json:1:20: budget_of_the_whole: unknown key; known: name, trainable, space, metric, "
        "mode, constraints, scope, searcher, scheduler, num_samples, points_to_evaluate, "
        "constant_grid_search, custom, resources, max_concurrent, cpus, gpus, time_budget_s, "
        "time_limit_s, progress_limit_s, stop, stoppers, callbacks, on, max_failures, fail_fast, "
        "keep, trial_name, seed, trial_files, durability, isolation, reuse, engine");
}

TEST_CASE("a name must do as a folder's") {
  CHECK(faults_with(R"("name": "a/b")") ==
        R"(s.json:1:20: name: must do as the name of a folder; found the text "a/b")");
  CHECK(faults_with(R"("name": "..")").find("folder") != std::string::npos);
  CHECK(faults_with(R"("name": "a\u0000b")").find("folder") != std::string::npos);
  CHECK(faults_with(R"("name": "")") ==
        R"(s.json:1:20: name: must be a text that is not empty; found the text "")");
  CHECK(faults_with(R"("name": "...")").empty());
}

TEST_CASE("metrics and modes go together, one each or as many of both") {
  CHECK(faults_of(R"({"metric": 3})") ==
        "s.json:1:2: metric: must be a text that is not empty; found 3");
  CHECK(faults_of(R"({"metric": ["a", "b"], "mode": ["min", "max"]})").empty());
  CHECK(faults_of(R"({"metric": ["a", "b"], "mode": ["min"]})") ==
        R"(s.json:1:24: mode: must have one "min" or "max" for each of the 2 metrics; found 1)");
  CHECK(faults_of(R"({"metric": ["a", 3]})") ==
        "s.json:1:2: metric: must be a list of texts; found in it 3");
  CHECK(faults_of(R"({"metric": []})") ==
        "s.json:1:2: metric: must be a text, or a list of at least one; found []");
  CHECK(faults_of(R"({"metric": "a", "mode": []})") ==
        "s.json:1:17: mode: must be a text, or a list of at least one; found []");
  CHECK(faults_of(R"({"metric": ["a", "b", "a"]})") == R"(s.json:1:2: metric: names "a" twice)");
  CHECK(faults_of(R"({"metric": "a", "mode": "least"})") ==
        R"(s.json:1:17: mode: must be "min" or "max"; found the text "least")");
}

TEST_CASE("a searcher or scheduler that knows one metric is of no use for several") {
  CHECK(faults_of(R"({"metric": ["a", "b"], "searcher": {"name": "cmaes"}})")
            .find(R"(searcher/name: "cmaes" knows one metric, and the study has 2; those for )"
                  "several: ") != std::string::npos);
  CHECK(faults_of(R"({"metric": ["a", "b"], "scheduler": {"name": "asha"}})")
            .find(R"(scheduler/name: "asha" knows one metric)") != std::string::npos);
}

TEST_CASE("trainable, searcher and scheduler are objects with a name") {
  CHECK(
      faults_with(R"("trainable": "cifar")") ==
      R"(s.json:1:20: trainable: must be an object, as in {"name": "cifar"}; found the text "cifar")");
  CHECK(faults_with(R"("trainable": {"data": "x"})") ==
        "s.json:1:20: trainable/name: is missing; it says what to train");
  CHECK(faults_with(R"("searcher": {"name": "randm"})") ==
        R"(s.json:1:33: searcher/name: unknown searcher "randm"; did you mean "random"?)");
  CHECK(
      faults_with(R"("searcher": {"name": "annealing"})")
          .starts_with(
              R"(s.json:1:33: searcher/name: unknown searcher "annealing"; known: bohb, cmaes, )"));
  CHECK(faults_with(R"("scheduler": {"max_t": 3})") ==
        "s.json:1:20: scheduler/name: is missing; it says which scheduler");
  CHECK(faults_with(R"("scheduler": {"name": 3})") ==
        "s.json:1:34: scheduler/name: must be a text that is not empty; found 3");
  CHECK(faults_with(R"("scheduler": {"name": "fifo", "max_t": 3})") ==
        "s.json:1:50: scheduler/max_t: unknown key; known: name");
}

TEST_CASE("the options of asha are checked") {
  const auto faults = [](const std::string& options) {
    return faults_with(R"("scheduler": {"name": "asha", )" + options + "}");
  };
  CHECK(faults(R"("time_attr": "epoch", "max_t": 0.5, "grace_period": 0.5, "reduction_factor": 1.5,
                  "brackets": 3, "stop_last_trials": false)")
            .empty());
  CHECK(faults(R"("grace_period": 20, "max_t": 10)") ==
        "s.json:1:50: scheduler/grace_period: grace_period must not be above max_t; found "
        "grace_period 20 and max_t 10");
  CHECK(faults(R"("max_t": 0.5)") ==
        "s.json:1:50: scheduler/max_t: grace_period must not be above max_t; found grace_period 1 "
        "and max_t 0.5");
  CHECK(faults(R"("max_t": 0)") ==
        "s.json:1:50: scheduler/max_t: must be a number above 0; found 0");
  CHECK(faults(R"("grace_period": "1")") ==
        R"(s.json:1:50: scheduler/grace_period: must be a number above 0; found the text "1")");
  CHECK(faults(R"("reduction_factor": 1)") ==
        "s.json:1:50: scheduler/reduction_factor: must be a number above 1; found 1");
  CHECK(faults(R"("brackets": 0)") ==
        "s.json:1:50: scheduler/brackets: must be a whole number of at least 1; found 0");
  CHECK(faults(R"("variant": "promotion", "brackets": 1)").empty());
  CHECK(faults(R"("variant": "promotion", "brackets": 2)") ==
        "s.json:1:74: scheduler/brackets: must be 1 with \"variant\": \"promotion\"; found 2");
  CHECK(faults(R"("variant": "halving")") == "s.json:1:50: scheduler/variant: must be \"stopping\" "
                                             "or \"promotion\"; found the text \"halving\"");
  CHECK(faults(R"("stop_last_trials": 1)") ==
        "s.json:1:50: scheduler/stop_last_trials: must be true or false; found 1");
  CHECK(faults(R"("grace": 1)") ==
        R"(s.json:1:50: scheduler/grace: unknown key; did you mean "grace_period"?)");
  CHECK(faults(R"("metric": "loss")") ==
        "s.json:1:50: scheduler/metric: belongs at the top level of the study, where it holds for "
        "searcher and scheduler alike");
}

TEST_CASE("the options of the median rule and of hyperband are checked") {
  const auto faults = [](const std::string& name, const std::string& options) {
    return faults_with(R"("scheduler": {"name": ")" + name + "\", " + options + "}");
  };
  CHECK(faults("median", R"("time_attr": "epoch", "grace_period": 0, "min_samples_required": 0,
                            "min_time_slice": 0.5, "hard_stop": false)")
            .empty());
  CHECK(faults("median", R"("grace_period": -1)") ==
        "s.json:1:52: scheduler/grace_period: must be a number of at least 0; found -1");
  CHECK(faults("median", R"("min_samples_required": 2.5)") ==
        "s.json:1:52: scheduler/min_samples_required: must be a whole number of at least 0; found "
        "2.5");
  CHECK(faults("median", R"("hard_stopp": true)") ==
        R"(s.json:1:52: scheduler/hard_stopp: unknown key; did you mean "hard_stop"?)");
  CHECK(faults("hyperband", R"("time_attr": "epoch", "max_t": 1, "reduction_factor": 1.5,
                               "stop_last_trials": false, "compat": "ray")")
            .empty());
  CHECK(faults("hyperband", R"("max_t": 0.5)") ==
        "s.json:1:55: scheduler/max_t: must be a number of at least 1; found 0.5");
  CHECK(faults("hyperband", R"("compat": "tune")") ==
        R"(s.json:1:55: scheduler/compat: must be "ray"; found the text "tune")");
  CHECK(faults("bohb", R"("time_attr": "epoch", "max_t": 1, "reduction_factor": 1.5,
                          "stop_last_trials": false)")
            .empty());
  CHECK(faults("bohb", R"("reduction_factor": 1)") ==
        "s.json:1:50: scheduler/reduction_factor: must be a number above 1; found 1");
  CHECK(
      faults("moasha", R"("grace_period": 2, "max_t": 1)").find("grace_period must not be above") !=
      std::string::npos);
  CHECK(faults("moasha", R"("brackets": 1)").find("scheduler/brackets: unknown key") !=
        std::string::npos);
  CHECK(faults("bohb", R"("compat": "ray")").find("scheduler/compat: unknown key") !=
        std::string::npos);
}

TEST_CASE("the options of tpe are checked") {
  const auto faults = [](const std::string& options) {
    return faults_with(R"("searcher": {"name": "tpe", )" + options + "}");
  };
  CHECK(faults(R"("n_startup_trials": 0, "n_ei_candidates": 1, "multivariate": true, "group": true,
                  "constant_liar": false, "prior_weight": 2, "consider_magic_clip": false,
                  "consider_endpoints": true, "bandwidths": "shared")")
            .empty());
  CHECK(faults(R"("n_ei_candidates": 0)") ==
        "s.json:1:48: searcher/n_ei_candidates: must be a whole number of at least 1; found 0");
  CHECK(faults(R"("prior_weight": 0)") ==
        "s.json:1:48: searcher/prior_weight: must be a number above 0; found 0");
  CHECK(
      faults(R"("bandwidths": "wide")") ==
      R"(s.json:1:48: searcher/bandwidths: must be "neighbours" or "shared"; found the text "wide")");
  CHECK(faults(R"("group": true, "multivariate": false)") ==
        "s.json:1:48: searcher/group: needs multivariate to be true: groups are drawn jointly");
  CHECK(faults(R"("n_startup": 5)") ==
        R"(s.json:1:48: searcher/n_startup: unknown key; did you mean "n_startup_trials"?)");
}

TEST_CASE("counts are whole numbers in range") {
  CHECK(faults_with(R"("num_samples": 0)") ==
        "s.json:1:20: num_samples: must be a whole number of at least 1; found 0");
  CHECK(faults_with(R"("num_samples": 2.5)") ==
        "s.json:1:20: num_samples: must be a whole number of at least 1; found 2.5");
  CHECK(faults_with(R"("num_samples": "10")") ==
        R"(s.json:1:20: num_samples: must be a whole number of at least 1; found the text "10")");
  CHECK(faults_with(R"("max_concurrent": 0)") ==
        "s.json:1:20: max_concurrent: must be a whole number of at least 1; found 0");
  CHECK(
      faults_with(R"("max_failures": 4294967296)") ==
      "s.json:1:20: max_failures: must be a whole number of at most 4294967295; found 4294967296");
  CHECK(faults_with(R"("seed": 18446744073709551616)") ==
        "s.json:1:20: seed: must be a whole number of at least 0; found 1.8446744073709552e+19");
  CHECK(faults_with(R"("keep": {"best": -1, "las": 2})") ==
        "s.json:1:29: keep/best: must be a whole number of at least 0; found -1\n"
        R"(s.json:1:41: keep/las: unknown key; did you mean "last"?)");
  CHECK(faults_with(R"("fail_fast": "yes")") ==
        R"(s.json:1:20: fail_fast: must be true or false; found the text "yes")");
}

TEST_CASE("resources must be possible") {
  CHECK(faults_with(R"("resources": {"cpu": -1})") ==
        "s.json:1:34: resources/cpu: must be a number of at least 0; found -1");
  CHECK(faults_with(R"("resources": {"gpu": 1.5})") ==
        "s.json:1:34: resources/gpu: more than one GPU must be a whole number; found 1.5");
  CHECK(faults_with(R"("resources": {"cpu": 0})") ==
        "s.json:1:20: resources: a trial needs some CPU or GPU; found cpu 0 and gpu 0");
  CHECK(faults_with(R"("resources": {"memory": 2})") ==
        R"(s.json:1:34: resources/memory: unknown key; did you mean "memory_gb"?)");
  CHECK(faults_with(R"("resources": 2)") ==
        R"(s.json:1:20: resources: must be an object, as in {"cpu": 1, "gpu": 0}; found 2)");
  CHECK(faults_with(R"("resources": {"cpu": 0, "gpu": 0.25, "memory_gb": 0.5})").empty());
  CHECK(faults_with(R"("cpus": 2, "resources": {"cpu": 4})") ==
        "s.json:1:20: cpus: one trial needs 4, more than the study may use; found 2");
  CHECK(faults_with(R"("gpus": 0, "resources": {"gpu": 1})") ==
        "s.json:1:20: gpus: one trial needs 1, more than the study may use; found 0");
  CHECK(faults_with(R"("cpus": 0)") == "s.json:1:20: cpus: must be a number above 0; found 0");
  CHECK(faults_with(R"("time_budget_s": 1e300)") ==
        "s.json:1:20: time_budget_s: must be at most 1000000000; found 1e+300");
  CHECK(faults_with(R"("time_budget_s": 10000000000)") ==
        "s.json:1:20: time_budget_s: must be at most 1000000000; found 10000000000");
  CHECK(faults_with(R"("time_budget_s": 1e9)") == "");
  CHECK(faults_with(R"("cpus": 1e10)") ==
        "s.json:1:20: cpus: must be at most 1000000; found 10000000000");
  CHECK(faults_with(R"("gpus": 1e9)") ==
        "s.json:1:20: gpus: must be at most 10000; found 1000000000");
  CHECK(faults_with(R"("resources": {"memory_gb": 1e18, "cpu": 1e300, "gpu": 1e5})")
            .find("resources/memory_gb: must be at most 1000000000; found 1e+18") !=
        std::string::npos);
  CHECK(faults_with(R"("time_budget_s": null)") ==
        "s.json:1:20: time_budget_s: must be a number above 0; found null");
}

TEST_CASE("stop bounds are numbers or say their side") {
  CHECK(faults_with(R"("stop": {"loss": "low"})") ==
        R"(s.json:1:29: stop/loss: must be a number; found the text "low")");
  CHECK(faults_with(R"("stop": {"loss": {"<": 3}})") ==
        "s.json:1:38: stop/loss/<: unknown key; known: <=, >=");
  CHECK(faults_with(R"("stop": {"loss": {}})") ==
        R"(s.json:1:29: stop/loss: must be a number, or say "<=" or ">=")");
  CHECK(faults_with(R"("stop": 10)") ==
        R"(s.json:1:20: stop: must be an object, as in {"training_iteration": 10}; found 10)");
}

TEST_CASE("points to evaluate that do not fit the space are refused, one by one") {
  const std::string space = R"("space": {"lr": {"uniform": [0, 1]}, "o": {"m": 1, "l": [1, {"int":
{"low": 0, "high": 3}}]}}, "points_to_evaluate": )";
  CHECK(faults_with(space + R"([{"lr": 2, "o": {"m": 3, "l": [5, 6]}}, {}])").empty());
  CHECK(faults_with(space + "3") == R"(s.json:2:28: points_to_evaluate: must be a list of )"
                                    R"(configurations, as in [{"lr": 0.1}]; found 3)");
  CHECK(faults_with(space + R"([1, {"l": 2}, {"o": 3}, {"o": {"l": [1, 2, 3]}}])") ==
        R"(s.json:2:51: points_to_evaluate/0: must be an object, as in {"lr": 0.1}; found 1
s.json:2:55: points_to_evaluate/1/l: unknown parameter; known: lr, o/m, o/l/0, o/l/1
s.json:2:65: points_to_evaluate/2/o: must be an object or a list, as in the space; found 3
s.json:2:93: points_to_evaluate/3/o/l/2: unknown parameter; did you mean "o/l/0"?)");
  CHECK(faults_with(R"("points_to_evaluate": [{"x": 1}])")
            .find("unknown parameter; the space has none") != std::string::npos);
  CHECK(faults_with(R"("constant_grid_search": 1)").find("must be true or false") !=
        std::string::npos);
}

TEST_CASE("a grid that makes more trials than can be counted is refused") {
  std::string space;
  for (int i = 0; i < 33; ++i)
    space +=
        (i ? ", " : "") + std::string{"\"p"} + std::to_string(i) + R"(": {"grid_search": [0, 1]})";
  CHECK(faults_with("\"space\": {" + space + "}") ==
        "s.json:1:20: space: the grid makes more than 4294967295 trials of this; leave out values "
        "of grid_search, or draw them with choice");
  CHECK(faults_with(R"("num_samples": 4294967295, "space": {"g": {"grid_search": [0, 1]}})")
            .starts_with("s.json:1:20: num_samples: the grid makes more"));
  CHECK(faults_with(R"("num_samples": 18446744073709551615)").empty());
}
