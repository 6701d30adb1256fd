#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/study.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace troupe;

namespace {

/// A folder that goes with the test.
struct scratch_folder {
  std::filesystem::path path;

  explicit scratch_folder(const std::string& name)
      : path{std::filesystem::temp_directory_path() / ("troupe_study_" + name)} {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }

  std::string write(const std::string& name, std::string_view text) const {
    const auto file = path / name;
    std::ofstream{file, std::ios::binary} << text;
    return file.string();
  }
};

std::string problem_of(const std::filesystem::path& file) {
  try {
    read_study(file);
    return {};
  } catch (const invalid_study& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a study has defaults for everything but the metric") {
  const auto s = parse_study(R"({"metric": "loss"})", "folder/tune.json");
  CHECK(s.name == "tune");
  CHECK(s.metric == "loss");
  CHECK(s.mode == direction::min);
  CHECK(s.trainable.name.empty());
  CHECK(s.space.entries().empty());
  CHECK(s.searcher.name == "random");
  CHECK(s.scheduler.name == "fifo");
  CHECK(s.num_samples == 1);
  CHECK(s.per_trial == resources{1, 0, 0});
  CHECK_FALSE(s.max_concurrent);
  CHECK_FALSE(s.cpus);
  CHECK_FALSE(s.gpus);
  CHECK_FALSE(s.time_budget_s);
  CHECK(s.stop.empty());
  CHECK(s.max_failures == 0);
  CHECK_FALSE(s.fail_fast);
  CHECK(s.keep_best == 1);
  CHECK(s.keep_last == 1);
  CHECK(s.seed == 0);
}

TEST_CASE("every key of a study is read") {
  const auto s = parse_study(R"({
    "name": "all", "trainable": {"name": "cifar", "data": "synthetic", "epochs": 3},
    "space": {"lr": {"loguniform": [1e-4, 1e-1]}},
    "metric": "accuracy", "mode": "max", "searcher": {"name": "random"},
    "scheduler": {"name": "asha", "max_t": 10, "reduction_factor": 2.5},
    "num_samples": 1e3, "resources": {"cpu": 0.5, "gpu": 2, "memory_gb": 1.5},
    "max_concurrent": 3, "cpus": 8, "gpus": 2, "time_budget_s": 0.5,
    "max_failures": 2, "fail_fast": true, "keep": {"best": 0, "last": 4},
    "seed": 18446744073709551615, "trial_files": false,
  })",
                             "s.json");
  CHECK(s.name == "all");
  CHECK(s.trainable.name == "cifar");
  CHECK(to_text(s.trainable.options) == R"({"data": "synthetic", "epochs": 3})");
  CHECK(std::get<loguniform>(*s.space.find("lr")).high == 0.1);
  CHECK(s.mode == direction::max);
  CHECK(s.num_samples == 1000);
  CHECK(s.per_trial == resources{0.5, 2, 1.5});
  CHECK(s.max_concurrent == 3u);
  CHECK(s.cpus == 8.0);
  CHECK(s.gpus == 2.0);
  CHECK(s.time_budget_s == 0.5);
  CHECK(s.max_failures == 2);
  CHECK(s.fail_fast);
  CHECK(s.keep_best == 0);
  CHECK(s.keep_last == 4);
  CHECK(s.seed == 18446744073709551615u);
  CHECK(s.trial_files == false);
}

TEST_CASE("trials get files of their own in studies of up to 1,000 trials, or as the study says") {
  const auto writes = [](const std::string& members) {
    return writes_trial_files(parse_study(R"({"metric": "loss", )" + members + "}", "s.json"));
  };
  CHECK(writes(R"("num_samples": 1000)"));
  CHECK_FALSE(writes(R"("num_samples": 1001)"));
  CHECK(writes(R"("num_samples": 1001, "trial_files": true)"));
  CHECK_FALSE(writes(R"("trial_files": false)"));
  CHECK_FALSE(writes(R"("num_samples": 600, "space": {"x": {"grid_search": [1, 2]}})"));
  CHECK(writes(
      R"("num_samples": 500, "trial_files": "auto", "space": {"x": {"grid_search": [1, 2]}})"));
}

TEST_CASE("objectives are a list, in code too") {
  study s;
  s.further_objectives = {{"size", direction::min}};
  const std::vector<objective> all{{"loss", direction::min}, {"speed", direction::max}};
  s.set_objectives(all);
  CHECK(s.objectives() == all);
  s.set_objectives({{"speed", direction::max}});
  CHECK(s.objectives().size() == 1);
  CHECK(s.mode == direction::max);
  CHECK_THROWS_AS(s.set_objectives({}), std::invalid_argument);
}

TEST_CASE("a study may have several metrics, each with its mode, and constraints") {
  const auto s = parse_study(R"({"metric": ["loss", "speed"], "mode": ["min", "max"],
                                 "constraints": ["memory", "delay"],
                                 "stop": {"loss": 0.1, "speed": 9}})",
                             "s.json");
  CHECK(s.metric == "loss");
  REQUIRE(s.objectives().size() == 2);
  CHECK(s.objectives()[0].mode == direction::min);
  CHECK(s.objectives()[1].metric == "speed");
  CHECK(s.objectives()[1].mode == direction::max);
  CHECK(s.constraints == std::vector<std::string>{"memory", "delay"});
  CHECK(s.stop[0].when == stop_rule::side::at_most);
  CHECK(s.stop[1].when == stop_rule::side::at_least);
}

TEST_CASE("a scheduler has all its options, those of the file and the defaults") {
  const auto s =
      parse_study(R"({"metric": "loss", "scheduler": {"name": "asha", "max_t": 10}})", "");
  CHECK(to_text(s.scheduler.options) ==
        R"({"time_attr": "training_iteration", "max_t": 10, "grace_period": 1, )"
        R"("reduction_factor": 4, "brackets": 1, "stop_last_trials": true, )"
        R"("variant": "stopping"})");
}

TEST_CASE("a stop bound follows the metric's direction, or says it outright") {
  const auto rules = [](const std::string& mode) {
    const auto s =
        parse_study(R"({"stop": {"loss": 0.1, "accuracy": 0.9, "eval/x": {"<=": 3, ">=": 5}},
                                  "metric": "loss", "mode": ")" +
                        mode + "\"}",
                    "s.json");
    std::string text;
    for (const auto& r : s.stop)
      text +=
          r.metric + (r.when == stop_rule::side::at_most ? "<=" : ">=") + to_text(r.bound) + ' ';
    return text;
  };
  CHECK(rules("min") == "loss<=0.1 accuracy>=0.9 eval/x<=3.0 eval/x>=5.0 ");
  CHECK(rules("max") == "loss>=0.1 accuracy>=0.9 eval/x<=3.0 eval/x>=5.0 ");
}

TEST_CASE("a study without a name is called like its file, if that will do") {
  CHECK(parse_study(R"({"metric": "x"})", "a/b/my.study.json").name == "my.study");
  CHECK(parse_study(R"({"metric": "x"})", "").name == "study");
  CHECK(parse_study(R"({"metric": "x"})", "..").name == "study");
}

TEST_CASE("a study file is read from disk, options included") {
  const auto folder = scratch_folder{"read"};
  const auto file = folder.write("mine.json", "// a study\n{\"metric\": \"loss\", \"cpus\": 1,}\n");
  const auto s = read_study(file, {"seed=7"});
  CHECK(s.name == "mine");
  CHECK(s.seed == 7);
  CHECK(s.cpus == 1.0);
  CHECK_FALSE(read_study(file, {"cpus=null"}).cpus);
}

TEST_CASE("a file that cannot be read is named, with the reason") {
  const auto folder = scratch_folder{"unreadable"};
  const auto absent = folder.path / "none.json";
  CHECK(problem_of(absent) == absent.string() + ": cannot be read: No such file or directory");
  CHECK(problem_of(folder.path) == folder.path.string() + ": is a folder, not a study file");
}

TEST_CASE("a truncated file is one fault, at its end") {
  const auto folder = scratch_folder{"truncated"};
  const auto file = folder.write("cut.json", "{\"metric\": \"loss\",\n \"space\": {\"lr\": [1");
  CHECK(problem_of(file) == file + ":2:20: not JSON: the text ends too early: expected ',' or ']'; "
                                   "the '[' of line 2 is still open");
  const auto empty = folder.write("empty.json", "");
  CHECK(problem_of(empty) == empty + ":1:1: not JSON: the text ends too early: expected a value");
}
