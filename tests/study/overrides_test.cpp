#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/study.hpp>

#include <doctest/doctest.h>

#include <variant>

using namespace troupe;

TEST_CASE("an option replaces what the file says") {
  const auto text =
      R"({"metric": "loss", "space": {"lr": 3, "layers": [{"n": 1}, {"randint": [1, 4]}]},
                       "trainable": {"name": "cifar", "data": "cifar10"}})";
  const auto s =
      parse_study(text, "s.json",
                  {"trainable/data=fashion-mnist", "num_samples=3", "metric=\"acc\"",
                   R"(space/lr={"uniform": [0, 1],})", "space/layers/0/n=2", "resources/cpu=2",
                   "trainable/note=a=b", "trainable/deep/er=null", "num_samples=4"});
  CHECK(to_text(s.trainable.options) ==
        R"({"data": "fashion-mnist", "note": "a=b", "deep": {"er": null}})");
  CHECK(s.num_samples == 4);
  CHECK(s.metric == "acc");
  CHECK(std::get<uniform>(*s.space.find("lr")).high == 1.0);
  CHECK(to_text(std::get<constant>(*s.space.find("layers/0/n")).value) == "2");
  CHECK(s.per_trial.cpu == 2.0);
}

TEST_CASE("a fault of an option names the option, and the place below it") {
  const auto with = [](const std::string& option) {
    return faults_of(
        R"({"metric": "loss", "space": {"lr": {"uniform": [0, 1]}, "n": {"const": [1, 2]}}})",
        {option});
  };
  CHECK(with("cpus=null") == "--set cpus: must be a number above 0; found null");
  CHECK(with("num_sample=3") == R"(--set num_sample: unknown key; did you mean "num_samples"?)");
  CHECK(with("mode=maximum") == R"(--set mode: must be "min" or "max"; found the text "maximum")");
  CHECK(with(R"(space/lr={"uniform": [1, 0]})") ==
        "--set space/lr: space/lr/uniform: uniform needs low < high; found [1.0, 0.0]");
  CHECK(with("scheduler={\"name\": \"fifo\", \"x\": 1}") ==
        "--set scheduler: scheduler/x: unknown key; known: name");
  CHECK(with("keep={\"best\": 1, \"best\": 2}") == "--set keep: best: stands twice in one object");
  CHECK(with("seed") == "--set seed: must be KEY=JSON, as in num_samples=3");
  CHECK(with("=3") == "--set =3: must be KEY=JSON, as in num_samples=3");
  CHECK(with("metric/x=3") == R"(--set metric/x: there is no "x" in the text "loss")");
  CHECK(with("space/n/const/2=3") == R"(--set space/n/const/2: there is no "2" in [1, 2])");
  CHECK(with("metric=") == R"(--set metric: must be a text that is not empty; found the text "")");
}

TEST_CASE("a fault of what an option has made on its way is the option's") {
  const auto with = [](const std::string& option) {
    return faults_of(R"({"metric": "loss"})", {option});
  };
  CHECK(with("sed/x=1") == "--set sed/x: sed: unknown key; did you mean \"seed\"?");
  CHECK(with("resources/foo/bar=1").starts_with("--set resources/foo/bar: resources/foo: "));
  CHECK(with("scheduler/name/x=1").starts_with("--set scheduler/name/x: scheduler/name: "));
  for (const std::string key : {"custom/", "/custom", "space//lr"})
    CHECK(with(key + "=2") == "--set " + key + ": must be names with a / between, as in space/lr");
}

TEST_CASE("null takes away a key that is there, at whatever depth") {
  const auto text = R"({"metric": "loss", "space": {"layers": {"randint": [1, 4]}, "lr": 3},
    "trainable": {"command": ["true"], "env": {"A": "1", "B": "2"}}, "custom": {"license": 4, "x": 1},
    "resources": {"cpu": 1, "license": 2}, "keep": {"best": 3, "metric": "f1", "mode": "max"},
    "scheduler": {"name": "asha", "max_t": 9, "grace_period": 3}, "stop": {"loss": 1, "f1": 2}})";
  const auto s = parse_study(text, "s.json",
                             {"resources/license=null", "custom/x=null", "keep/metric=null",
                              "keep/mode=null", "keep/best=null", "scheduler/grace_period=null",
                              "stop/loss=null", "trainable/env/A=null", "space/lr=null"});
  CHECK_FALSE(s.per_trial.custom.contains("license"));
  CHECK(s.custom == custom_amounts{{"license", 4}});
  CHECK_FALSE(s.keep_by);
  CHECK(s.keep_best == study{}.keep_best);
  CHECK(s.scheduler.options.at("grace_period") == 1);
  REQUIRE(s.stop.size() == 1);
  CHECK(s.stop[0].metric == "f1");
  CHECK(to_text(s.trainable.options.at("env")) == R"({"B": "2"})");
  CHECK(s.space.entries().size() == 1);
  CHECK(faults_of(text, {"keep/last=null"}).find("keep/last: ") != std::string::npos); // not there
}

TEST_CASE("JSON that is cut off is no text, and a text that begins as JSON is one") {
  const auto with = [](const std::string& value) {
    return faults_of(R"({"metric": "loss", "space": {"lr": 1}})", {"space/lr=" + value});
  };
  for (const std::string value :
       {R"({"loguniform": [1e-3, 1e-2])", R"({"loguniform": [1e-3, 1e-2}})", "[1, 2", R"("a)", "[",
        R"( {"a")", R"({"choice" [1]})"})
    CHECK_MESSAGE(with(value).starts_with("--set space/lr: is not JSON: at its character "), value);
  CHECK(with(std::string(70, '[')).find("nested deeper than 64 levels") != std::string::npos);
  for (const std::string value : {"[0-9.eE+-]+", "{lr}-{layers}", "loss=(.*)", "-", "tru", "'a'"})
    CHECK_MESSAGE(with(value).empty(), value);
}
