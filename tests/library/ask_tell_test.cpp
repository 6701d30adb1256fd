#include "data/temp_dir.hpp"

#include <troupe/ask_tell.hpp>
#include <troupe/open_results.hpp>
#include <troupe/plugins.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

study sample(std::uint64_t trials) {
  study s;
  s.metric = "loss";
  s.num_samples = trials;
  s.space.add("x", uniform{0, 10});
  s.searcher = {"tpe", {}};
  return s;
}

double loss_of(const config& c) {
  const double x = param<double>(c, "x") - 3;
  return x * x;
}

/// Trains all trials, with one report before the end of each; returns their configurations.
std::vector<config> train_all(ask_tell& study) {
  std::vector<config> tried;
  while (const auto t = study.ask()) {
    tried.push_back(t->params);
    if (study.report(t->number, {loss_of(t->params) + 1}, 1) != verdict::proceed) continue;
    study.tell(t->number, {loss_of(t->params)});
  }
  return tried;
}

} // namespace

TEST_CASE("the loop is the caller's, in memory and in a folder alike") {
  const temp_dir place;
  auto s = sample(25);
  s.scheduler = {"asha", {{"max_t", 4}, {"grace_period", 1}, {"reduction_factor", 2}}};
  ask_tell in_memory{s}, in_folder{s, place / "out"};
  const auto tried = train_all(in_memory);
  CHECK(tried.size() == 25);
  CHECK(train_all(in_folder) == tried);
  CHECK_FALSE(in_memory.may_ask_again());
  CHECK_FALSE(in_folder.may_ask_again());

  const auto here = in_memory.results(), there = in_folder.results();
  CHECK(here.best == there.best);
  REQUIRE(here.trials.size() == there.trials.size());
  int stopped = 0;
  for (std::size_t i = 0; i < here.trials.size(); ++i) {
    CHECK(here.trials[i].state == there.trials[i].state);
    CHECK(here.trials[i].last == there.trials[i].last);
    stopped += here.trials[i].state == trial_state::stopped ? 1 : 0;
  }
  CHECK(stopped > 3);
  CHECK(open_results(place / "out").ended());
}

TEST_CASE("a study in a folder goes on in another object") {
  const temp_dir place;
  const auto s = sample(4);
  trial_number open = 0;
  {
    ask_tell study{s, place.path()};
    study.tell(study.ask()->number, {1});
    open = study.ask()->number;
  }
  ask_tell study{s, place.path()};
  study.tell(open, {2});
  CHECK(study.results().trials.size() == 2);
  CHECK(study.ask());
}

TEST_CASE("what the study does not expect is refused, and changes nothing") {
  ask_tell study{sample(2)};
  const auto t = study.ask();
  REQUIRE(t);
  CHECK_THROWS_AS(study.tell(7, {1}), std::invalid_argument);
  CHECK_THROWS_AS(study.tell(t->number, {1, 2}), std::invalid_argument);
  study.report(t->number, {1}, 3);
  CHECK_THROWS_AS(study.report(t->number, {1}, 3), std::invalid_argument);
  study.tell(t->number, {1});
  CHECK_THROWS_AS(study.tell(t->number, {1}), std::invalid_argument);
  CHECK(study.results().trials.size() == 1);

  auto s = sample(2);
  s.metric = "";
  CHECK_THROWS_AS(ask_tell{s}, invalid_study);
  s = sample(2);
  s.searcher = {"random", {}};
  s.scheduler = {
      "pbt",
      {{"perturbation_interval", 1}, {"hyperparam_mutations", {{"x", {{"uniform", {0, 10}}}}}}}};
  CHECK_THROWS_AS(ask_tell{s}, invalid_study); // nobody hands checkpoints on
}

TEST_CASE("a trial that fails is tried again as often as it may") {
  auto s = sample(1);
  s.max_failures = 1;
  ask_tell study{s};
  const auto first = study.ask();
  CHECK(study.fail(first->number, "no luck"));
  CHECK(study.may_ask_again());
  const auto again = study.ask();
  REQUIRE(again);
  CHECK(again->number == first->number);
  CHECK(again->params == first->params);
  CHECK_FALSE(study.fail(again->number, "no luck"));
  CHECK_FALSE(study.ask());
  CHECK_FALSE(study.may_ask_again());
  CHECK(study.results().trials.front().reason == "no luck");
}

TEST_CASE("the study's callbacks hear of what is asked and told, and of what others did not") {
  const temp_dir place;
  std::vector<std::string> heard;
  const auto known = registry{}.add(callback_plugin{
      .name = "notes", .make = [&](const study&, const boost::json::object&) {
        study_callbacks calls;
        calls.trial_started = [&](const auto& t) {
          heard.push_back("started " + trial_id(t.number));
        };
        calls.improved = [&](const auto& t) { heard.push_back("improved " + trial_id(t.number)); };
        calls.trial_ended = [&](const auto& t) { heard.push_back("ended " + trial_id(t.number)); };
        calls.study_ended = [&](const auto&) { heard.push_back("over"); };
        return calls;
      }});
  auto s = sample(2);
  s.callbacks = {{"notes", {}}};
  CHECK_THROWS_AS(ask_tell{s}, std::invalid_argument); // nobody knows them here
  const auto train = [](ask_tell& study) {
    study.tell(study.ask()->number, {2});
    study.tell(study.ask()->number, {3});
  };
  const std::vector<std::string> first{"started 00000", "improved 00000", "ended 00000"};
  const std::vector<std::string> second{"started 00001", "ended 00001", "over"};
  auto all = first;
  all.insert(all.end(), second.begin(), second.end());

  ask_tell in_memory{s, known};
  train(in_memory);
  CHECK(heard == all);
  heard.clear();
  {
    ask_tell in_folder{s, place.path(), known};
    in_folder.tell(in_folder.ask()->number, {2});
    CHECK(heard == first);
  }
  heard.clear();
  ask_tell goes_on{s, place.path(), known};
  goes_on.tell(goes_on.ask()->number, {3});
  CHECK(heard == second);
}

TEST_CASE("what a callback throws comes out of the call that it is about, which is recorded") {
  const auto known = registry{}.add(
      callback_plugin{.name = "strict", .make = [](const study&, const boost::json::object&) {
                        study_callbacks calls;
                        calls.trial_ended = [](const auto&) { throw std::runtime_error{"enough"}; };
                        return calls;
                      }});
  auto s = sample(2);
  s.callbacks = {{"strict", {}}};
  ask_tell study{s, known};
  const auto t = study.ask();
  CHECK_THROWS_WITH_AS(study.tell(t->number, {1}), "enough", std::runtime_error);
  CHECK(study.results().trials.front().state == trial_state::completed);
  CHECK(study.ask());
}
