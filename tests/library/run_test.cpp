#include "data/temp_dir.hpp"
#include "store/store_kit.hpp"

#include <troupe/define_by_run.hpp>
#include <troupe/open_results.hpp>
#include <troupe/run.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using store_kit::contains;

namespace {

/// Reports `x` three times, with a checkpoint, from where it is.
void train(trial& t) {
  for (int i = t.iteration(); i < 3; ++i)
    if (!t.report({{"loss", t.param<double>("x") + i}}, checkpoint{{{"state", {}}}})) return;
}

study sample(std::uint64_t trials) {
  study s;
  s.name = "sample";
  s.metric = "loss";
  s.num_samples = trials;
  s.space.add("x", uniform{0, 1});
  s.cpus = 2;
  return s;
}

std::string refusal_of(const study& s, const run_options& how = {}) {
  try {
    run(s, train, how);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "it ran";
}

} // namespace

TEST_CASE("a study runs in one call, and nothing is written down") {
  const auto results = run(sample(5), train);
  REQUIRE(results.trials.size() == 5);
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::completed);
    CHECK(t.iterations == 3);
  }
  REQUIRE(results.best);
  for (const auto& t : results.trials)
    CHECK(*results.trials[*results.best].last.find("loss") <= *t.last.find("loss"));
  CHECK(results.interrupted.empty());
}

TEST_CASE("what it came to is in the folder, and opens") {
  const temp_dir place;
  const auto folder = place.path() / "out";
  const auto results = run(sample(4), train, {.folder = folder});
  const auto opened = open_results(folder);
  CHECK(opened.ended());
  CHECK(opened.study().name == "sample");
  REQUIRE(opened.results().trials.size() == 4);
  CHECK(opened.results().best == results.best);
  for (const auto& t : results.trials) {
    const auto reports = opened.reports(t.number);
    REQUIRE(reports.size() == 3);
    CHECK(reports.back().iteration == 3);
    CHECK(reports.back().metrics == t.last);
    CHECK(opened.last_checkpoint(t.number));
    CHECK(exists(opened.checkpoint_folder(t.number, *t.checkpoint) / "state"));
  }
  CHECK_THROWS_AS(opened.reports(4), std::out_of_range);
  int events = 0;
  opened.for_each_event([&](const event&) { ++events; });
  CHECK(events > 4 * 5);
}

TEST_CASE("results that are not there do not open") {
  const temp_dir place;
  CHECK_THROWS_AS(open_results(place.path() / "nothing"), folder_error);
}

TEST_CASE("a study goes on in its folder, with more trials") {
  const temp_dir place;
  run(sample(3), train, {.folder = place.path()});
  CHECK(contains(refusal_of(sample(3), {.folder = place.path()}), "not empty"));
  const auto results = run(sample(6), train, {.folder = place.path(), .resume = true});
  CHECK(results.trials.size() == 6);
  auto another = sample(6);
  another.seed = 7;
  CHECK(contains(refusal_of(another, {.folder = place.path(), .resume = true}), "another study"));
}

TEST_CASE("all faults of a study are said before it runs") {
  auto s = sample(3);
  s.metric = "";
  s.scheduler = {"asha", {{"max_t", -1}}};
  const auto faults = check(s);
  REQUIRE(faults.size() == 2);
  for (const auto& f : faults)
    CHECK(f.where == "study");
  CHECK(contains(refusal_of(s), "scheduler/max_t"));
  CHECK(check(sample(3)).empty());
}

TEST_CASE("a request to stop interrupts the study, which can go on") {
  const temp_dir place;
  std::stop_source source;
  const auto stops = [&](trial& t) {
    if (t.id() == "00001") source.request_stop();
    while (t.report({{"loss", 1}})) {
      if (!source.stop_requested() && t.iteration() > 1'000'000) return;
    }
  };
  auto s = sample(2);
  s.scheduler = {"asha", {{"max_t", 3}, {"grace_period", 3}}};
  s.num_samples = 50;
  s.max_concurrent = 1;
  const auto results = run(s, stops, {.folder = place.path(), .stop = source.get_token()});
  CHECK(results.interrupted == "interrupted by the program");
  CHECK(results.trials.size() < 50);
  CHECK_FALSE(open_results(place.path()).results().interrupted.empty());
  const auto rest = run(s, stops, {.folder = place.path(), .resume = true});
  CHECK(rest.trials.size() == 50);
}

TEST_CASE("whoever watches sees every event, and what it throws is thrown") {
  std::vector<std::uint64_t> seen;
  run(sample(3), train, {.watch = [&](const event& e) { seen.push_back(e.seq); }});
  REQUIRE(seen.size() > 3 * 5);
  for (std::size_t i = 0; i < seen.size(); ++i)
    CHECK(seen[i] == i + 1);

  const auto throws = [](const event& e) {
    if (e.trial) throw std::runtime_error{"seen enough"};
  };
  CHECK(contains(refusal_of(sample(2000), {.watch = throws}), "seen enough"));
}

TEST_CASE("callbacks hear of trials, of improvements and of the end") {
  std::map<std::string, int> heard;
  double least = 1e9;
  study_callbacks calls;
  calls.trial_started = [&](const trial_summary&) { ++heard["started"]; };
  calls.trial_reported = [&](const trial_summary&) { ++heard["reported"]; };
  calls.trial_ended = [&](const trial_summary& t) {
    CHECK(t.state == trial_state::completed);
    ++heard["ended"];
  };
  calls.improved = [&](const trial_summary& t) {
    CHECK(*t.last.find("loss") < least);
    least = *t.last.find("loss");
  };
  calls.study_ended = [&](const study_results& r) {
    CHECK(r.trials.size() == 6);
    ++heard["over"];
  };
  run(sample(6), train, {.callbacks = calls});
  CHECK(heard ==
        std::map<std::string, int>{{"started", 6}, {"reported", 18}, {"ended", 6}, {"over", 1}});
  CHECK(least < 1);
}

TEST_CASE("a study that goes on tells callbacks only what is new") {
  const temp_dir place;
  run(sample(3), train, {.folder = place.path()});
  std::vector<trial_number> started;
  study_callbacks calls;
  calls.trial_started = [&](const trial_summary& t) { started.push_back(t.number); };
  run(sample(5), train, {.folder = place.path(), .resume = true, .callbacks = calls});
  CHECK(started == std::vector<trial_number>{3, 4});
}

TEST_CASE("a space may be what a function asks for") {
  study s;
  s.metric = "loss";
  s.num_samples = 10;
  s.searcher = {"tpe", {}};
  const auto define = [](suggester& t) {
    if (t.suggest_choice("kind", {"a", "b"}) == "a") t.suggest_float("x", 0, 1);
  };
  const auto results =
      run(s,
          [](trial& t) {
            static_cast<void>(t.report({{"loss", t.config().contains("x") ? 1 : 0}}));
          },
          {.make_searcher = [&](const study& of) { return define_by_run(of, define); }});
  CHECK(results.trials.size() == 10);
  for (const auto& t : results.trials)
    CHECK(t.config.contains("x") == (t.config.at("kind") == "a"));
}

TEST_CASE("a trainable that a study does not name is none of its own") {
  auto s = sample(1);
  s.trainable.name = "other";
  trainable t;
  t.name = "mine";
  t.train = train;
  CHECK_THROWS_AS(run(s, t), invalid_study);
}
