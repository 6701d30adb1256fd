#include "base/json.hpp"
#include "data/temp_dir.hpp"
#include "store/files.hpp"
#include "store/results_json.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace troupe;

namespace {

study_results two_trials() {
  study_results r;
  r.name = "cifar10";
  r.metric = "loss";
  r.wall_s = 12.5;
  trial_summary first;
  first.number = 0;
  first.state = trial_state::completed;
  first.config = {{"lr", 0.0027624906698231976}, {"l1", 8}};
  first.iterations = 10;
  first.last = {{"loss", 1.25}, {"accuracy", 0.5}};
  first.wall_s = 10.25;
  trial_summary second = first;
  second.number = 1;
  second.state = trial_state::stopped;
  second.reason = "loss is NaN";
  second.reason_kind = reason_kind::diverged;
  second.last = {{"loss", std::numeric_limits<double>::quiet_NaN()}};
  r.trials = {first, second};
  r.best = 0;
  return r;
}

} // namespace

TEST_CASE("results become the object that is promised, exact to the last digit") {
  CHECK(to_text(
            to_json(two_trials(), metrics{{"accuracy", 0.58}}, "trials/00000/checkpoint_000009")) ==
        R"({"name": "cifar10", "trials": [)"
        R"({"id": "00000", "state": "completed", "reason": "", "reason_kind": null, )"
        R"("config": {"lr": 0.0027624906698231976, "l1": 8}, "iterations": 10, )"
        R"("metrics": {"loss": 1.25, "accuracy": 0.5}, "wall_s": 10.25}, )"
        R"({"id": "00001", "state": "stopped", "reason": "loss is NaN", )"
        R"("reason_kind": "diverged", )"
        R"("config": {"lr": 0.0027624906698231976, "l1": 8}, "iterations": 10, )"
        R"("metrics": {"loss": "nan"}, "wall_s": 10.25}], )"
        R"("best": {"id": "00000", "config": {"lr": 0.0027624906698231976, "l1": 8}, )"
        R"("metrics": {"loss": 1.25, "accuracy": 0.5}, )"
        R"("checkpoint": "trials/00000/checkpoint_000009"}, )"
        R"("test": {"accuracy": 0.58}, "wall_s": 12.5})");
}

TEST_CASE("what there is not is null") {
  study_results r = two_trials();
  CHECK(to_json(r).at("test").is_null());
  CHECK(to_json(r).at("best").at("checkpoint").is_null());
  r.best.reset();
  CHECK(to_json(r, metrics{}, "unused").at("best").is_null());
}

TEST_CASE("a study without trials is still an object of the same keys") {
  CHECK(to_text(to_json(study_results{})) ==
        R"({"name": "", "trials": [], "best": null, "test": null, "wall_s": 0.0})");
}

TEST_CASE("a test comes into the summary of its own results alone") {
  const temp_dir folder;
  const study_layout layout{folder.path()};
  const auto mine = two_trials();
  auto anothers = mine;
  anothers.name = "another";
  const boost::json::value test{{"accuracy", 0.75}};

  add_test(layout, mine, test); // there is none
  CHECK_FALSE(exists(layout.summary()));
  write_summary(layout, anothers);
  add_test(layout, mine, test);
  CHECK(has_text(layout.summary(), summary_text(anothers)));
  write_summary(layout, mine);
  add_test(layout, mine, test);
  CHECK(has_text(layout.summary(), summary_text(mine, test)));
  CHECK(tested_before(layout, mine) == test);
}
