#include "views/best_table.hpp"
#include "views/trial_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace troupe;

namespace {

study_results results() {
  study_results r;
  r.metric = "loss";
  r.trials.resize(2);
  r.trials[0] = {.number = 0,
                 .state = trial_state::completed,
                 .config = {{"lr", 0.1}, {"depth", 3}, {"loss", "hinge"}, {"net", {{"width", 8}}}},
                 .iterations = 4,
                 .last = {{"loss", 0.5}, {"state", 1.0}},
                 .checkpoint = 3,
                 .scope_checkpoint = 3,
                 .wall_s = 2.5};
  r.trials[1] = {.number = 1,
                 .state = trial_state::failed,
                 .reason = "out of memory",
                 .config = {{"lr", 0.2}, {"depth", 3}, {"loss", "hinge"}, {"net", {{"width", 16}}}},
                 .iterations = 0};
  r.best = 0;
  return r;
}

search_space space() {
  search_space s;
  s.add("lr", uniform{0, 1}).add("depth", constant{3}).add("loss", constant{"hinge"});
  s.add("net/width", choice{{8, 16}});
  return s;
}

std::string shown(const table& t) {
  std::string all;
  for (const auto& c : t.columns)
    if (c.shown) all += c.name + ' ';
  return all;
}

} // namespace

TEST_CASE("a table of trials shows what tells them apart, and has the rest") {
  const auto t = trial_table(results(), space());
  CHECK(shown(t) == "id state lr net/width metrics/loss metrics/state iterations wall_s reason ");
  CHECK(t.rows[0][column_at(t, "depth")] == 3);
  CHECK(t.rows[1][column_at(t, "net/width")] == 16);
  CHECK(t.rows[1][column_at(t, "metrics/loss")].is_null());
  CHECK(t.rows[0][column_at(t, "checkpoint")] == 3);
}

TEST_CASE("where a parameter, a metric and a column have one name, each has one of its own") {
  const auto t = trial_table(results(), space());
  CHECK(t.rows[0][column_at(t, "state")] == "completed");
  CHECK(t.rows[0][column_at(t, "metrics/state")] == 1.0);
  CHECK(t.rows[0][column_at(t, "config/loss")] == "hinge");
  CHECK(t.rows[0][column_at(t, "metrics/loss")] == 0.5);
  CHECK(t.rows[0][column_at(t, "config/lr")] == 0.1);
}

TEST_CASE("a study without trials has a table without rows") {
  study_results r;
  r.metric = "loss";
  CHECK(trial_table(r, space()).rows.empty());
  CHECK(best_table(r, study_layout{"out"}).rows.empty());
}

TEST_CASE("the best trial comes with its checkpoint's folder") {
  const auto t = best_table(results(), study_layout{"out"});
  REQUIRE(t.rows.size() == 1);
  CHECK(t.rows[0][column_at(t, "id")] == "00000");
  CHECK(t.rows[0][column_at(t, "loss")] == 0.5);
  CHECK(t.rows[0][column_at(t, "checkpoint")] == "out/trials/00000/checkpoint_000003");
}

TEST_CASE("with several objectives the best are those that no other dominates") {
  auto r = results();
  r.trials[1].state = trial_state::completed;
  r.pareto_front = {1, 0};
  r.trial_name = "lr{lr}";
  const auto t = best_table(r, study_layout{"out"});
  REQUIRE(t.rows.size() == 2);
  CHECK(t.rows[0][column_at(t, "id")] == "00001");
  CHECK(t.rows[0][column_at(t, "name")] == "lr0.2");
}

TEST_CASE("a metric that is called as a column is keeps out of its way") {
  auto r = results();
  r.metric = "config";
  r.trials[0].last = {{"config", 0.25}};
  const auto t = best_table(r, study_layout{"out"});
  CHECK(t.rows[0][column_at(t, "value")] == 0.25);
  CHECK(t.rows[0][column_at(t, "config")].is_object());
}
