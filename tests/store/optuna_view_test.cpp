#include "store/optuna_kit.hpp"
#include "store/optuna_view.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace optuna_kit;
using namespace troupe;
using namespace troupe::event_kind;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

study judged_by_loss(const std::string& more = {}) {
  return parse_study(R"({"name": "demo", "metric": "loss", "space": {"x": {"uniform": [0, 1]}})" +
                         more + "}",
                     "s.json");
}

const std::string states = "SELECT number, state FROM trials ORDER BY trial_id";
const std::string values = "SELECT trial_id, objective, value, value_type FROM trial_values "
                           "ORDER BY 1, 2";
const std::string attributes = "SELECT trial_id, key, value_json FROM trial_user_attributes "
                               "ORDER BY 1, 2";

/// The state in which Optuna sees a trial whose last loss is 0.5 and that has ended so.
std::string state_of(trial_state state, const std::string& reason,
                     const metrics& last = {{"loss", 0.5}}) {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  s.report(0, 1, last);
  if (state == trial_state::stopped)
    s.write(0, trial_decided{1, verdict::stop, reason, trial_state::stopped});
  s.end(0, state, reason);
  return s.seen("SELECT state FROM trials");
}

} // namespace

TEST_CASE("a fresh view has Optuna's tables, its version and the study") {
  temp_dir folder;
  viewed_study s{folder / "study.db",
                 judged_by_loss(R"(, "mode": "max", "seed": 1, "searcher": {"name": "random"})")};
  CHECK(s.seen("SELECT * FROM version_info", 3) == "1|12|Troupe");
  CHECK(s.seen("SELECT * FROM alembic_version") == "v3.2.0.a");
  CHECK(s.seen("SELECT * FROM studies", 2) == "1|demo");
  CHECK(s.seen("SELECT direction, objective FROM study_directions", 2) == "MAXIMIZE|0");
  CHECK(s.seen("SELECT key, value_json FROM study_system_attributes ORDER BY 1", 2) ==
        "dashboard:objective_names|[\"loss\"]\nstudy:metric_names|[\"loss\"]");
  CHECK(s.seen("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND (name LIKE 'trial%' OR "
               "name LIKE 'stud%' OR name IN ('alembic_version', 'version_info'))") == "13");
  CHECK(s.seen("PRAGMA application_id") == std::to_string(0x54525550));
}

TEST_CASE("a trial goes from WAITING to RUNNING to COMPLETE, with its times in UTC") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  const std::string life = "SELECT state, datetime_start, datetime_complete FROM trials";
  s.write({}, study_started{"demo", 1});
  s.write(0, trial_added{{{"x", 0.25}}, 0});
  CHECK(s.seen(life, 3) == "WAITING||");
  s.write(0, trial_started{1, 0, {}});
  CHECK(s.seen(life, 3) == "RUNNING|2026-03-01 12:00:00.000000|");
  s.report(0, 1, {{"loss", 0.5}, {"accuracy", 0.75}});
  CHECK(s.seen("SELECT step, intermediate_value, intermediate_value_type FROM "
               "trial_intermediate_values",
               3) == "1|0.5|FINITE");
  CHECK(s.seen(values, 4).empty());
  s.write({0}, event_kind::trial_ended{trial_state::completed, {}});
  CHECK(s.seen(life, 3) == "COMPLETE|2026-03-01 12:00:00.000000|2026-03-01 12:00:00.000000");
  CHECK(s.seen(values, 4) == "1|0|0.5|FINITE");
  CHECK(s.seen(attributes, 3) == "1|id|\"00000\"\n1|metric:accuracy|0.75");
  CHECK(s.seen("SELECT param_name, param_value, distribution_json FROM trial_params", 3) ==
        R"(x|0.25|{"name": "FloatDistribution", "attributes": )"
        R"({"step": null, "low": 0.0, "high": 1.0, "log": false}})");
}

TEST_CASE("how a trial has ended decides whether Optuna calls it complete, pruned or failed") {
  using enum trial_state;
  CHECK(state_of(completed, "") == "COMPLETE");
  CHECK(state_of(stopped, "stop: loss 0.5 <= 0.6") == "COMPLETE");
  CHECK(state_of(stopped, "maximum_iteration: 1 reports") == "COMPLETE");
  CHECK(state_of(stopped, "asha: max_t 9 reached") == "COMPLETE");
  CHECK(state_of(stopped, "hyperband: the last milestone, 81, is reached") == "COMPLETE");
  CHECK(state_of(stopped, "asha: loss 0.5 is worse than 0.4 (top 1/4 of 3 trials)") == "PRUNED");
  CHECK(state_of(stopped, "hyperband: the best 2 of 5 at 9 go on") == "PRUNED");
  CHECK(state_of(stopped, "not promising") == "PRUNED");
  CHECK(state_of(stopped, "asha: max_t 9 reached; then: it threw") == "COMPLETE");
  CHECK(state_of(stopped, "loss is nan: diverged", {{"loss", std::nan("")}}) == "FAIL");
  CHECK(state_of(failed, "boom") == "FAIL");
  CHECK(state_of(interrupted, "SIGINT") == "RUNNING");
}

TEST_CASE("a trial that has diverged has failed, whatever it reports before it is gone") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  s.report(0, 1, {{"loss", std::nan("")}});
  s.write(0, trial_decided{1, verdict::stop, "loss is nan", trial_state::stopped});
  s.reopen();
  s.report(0, 2, {{"loss", 0.5}});
  s.end(0, trial_state::stopped, "loss is nan");
  CHECK(s.seen(states, 2) == "0|FAIL");
  CHECK(s.seen(values, 4).empty());
}

TEST_CASE("a trial that ends because the study was asked to end is complete") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  s.start(1);
  s.report(0, 1, {{"loss", 0.5}});
  s.write({}, study_stopping{"time_budget_s is used up", trial_state::stopped});
  s.end(0, trial_state::stopped, "time_budget_s is used up");
  s.end(1, trial_state::stopped, "time_budget_s is used up");
  // The second has nothing that could be complete.
  CHECK(s.seen(states, 2) == "0|COMPLETE\n1|PRUNED");
}

TEST_CASE("numbers that are not finite are called by name") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  s.report(0, 1, {{"loss", std::nan("")}});
  s.report(0, 2, {{"loss", -infinite}});
  s.report(0, 3, {{"loss", infinite}, {"other", infinite}});
  s.report(0, 4, {{"other", 1}}); // no value at all
  s.report(0, 5, {{"loss", infinite}, {"other", -infinite}});
  s.end(0, trial_state::completed);
  CHECK(s.seen("SELECT step, intermediate_value, intermediate_value_type FROM "
               "trial_intermediate_values ORDER BY 1",
               3) == "1||NAN\n2||INF_NEG\n3||INF_POS\n5||INF_POS");
  CHECK(s.seen(values, 4) == "1|0||INF_POS");
  CHECK(s.seen("SELECT value_json FROM trial_user_attributes WHERE key = 'metric:other'") ==
        "\"-inf\"");
}

TEST_CASE("several objectives and constraints are there when a trial is complete") {
  temp_dir folder;
  viewed_study s{folder / "study.db",
                 parse_study(R"({"metric": ["loss", "size"], "mode": ["min", "max"], "constraints":
                                ["c", "d"], "space": {"x": {"uniform": [0, 1]}}})",
                             "s.json")};
  s.start(0);
  s.start(1);
  const double nan = std::nan("");
  for (const trial_number n : {0U, 1U})
    s.report(n, 1, {{"loss", 0.5}, {"size", -infinite}, {"c", -1}, {"d", nan}, {"e", 3}});
  s.end(0, trial_state::completed);
  s.end(1, trial_state::stopped, "moasha: not among the best");
  CHECK(s.seen("SELECT direction, objective FROM study_directions", 2) == "MINIMIZE|0\nMAXIMIZE|1");
  CHECK(s.seen(values, 4) == "1|0|0.5|FINITE\n1|1||INF_NEG");
  CHECK(s.seen("SELECT trial_id, key, value_json FROM trial_system_attributes", 3) ==
        "1|constraints|[-1.0, 1.7976931348623157e+308]\n"
        "2|constraints|[-1.0, 1.7976931348623157e+308]");
  CHECK(s.seen("SELECT trial_id FROM trial_intermediate_values") == "1");
  CHECK(s.seen("SELECT value_json FROM trial_user_attributes WHERE key = 'metric:e'") ==
        "3.0\n3.0");
}

TEST_CASE("a reason stands beside a trial as long as it holds") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  const std::string reason = "SELECT value_json FROM trial_user_attributes WHERE key = 'reason'";
  s.write(0, trial_failed{1, "boom\nfar below", true});
  CHECK(s.seen(states, 2) == "0|RUNNING");
  CHECK(s.seen(reason) == R"("boom\nfar below")");
  s.write(0, trial_started{2, 0, {1, 1, 0.5, 0, {0, 3}}, "anna"});
  CHECK(s.seen(attributes, 3) == "1|attempt|2\n1|client|\"anna\"\n1|device|\"cuda:0, cuda:3\"\n"
                                 "1|id|\"00000\"");
  s.report(0, 1, {{"loss", 1}});
  s.write(0, trial_paused{1, "rung 1"});
  CHECK(s.seen(reason) == "\"rung 1\"");
  s.write(0, trial_started{3, 1, {}});
  CHECK(s.seen(reason).empty());
  s.write(0, trial_paused{1, "rung 2"});
  s.end(0, trial_state::stopped, "rung 2; nobody else is left to run");
  CHECK(s.seen(reason) == "\"rung 2; nobody else is left to run\"");
  CHECK(s.seen(states, 2) == "0|PRUNED");
}

TEST_CASE("what is trained again replaces what was reported at its step") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  s.start(0);
  for (const int i : {1, 2, 1, 2, 3})
    s.report(0, i, {{"loss", 10.0 * i + (i == 3)}});
  CHECK(s.seen("SELECT step, intermediate_value FROM trial_intermediate_values ORDER BY 1", 2) ==
        "1|10.0\n2|20.0\n3|31.0");
}

TEST_CASE("parameters that a scheduler changes hold from the next report on") {
  temp_dir folder;
  viewed_study s{folder / "study.db", judged_by_loss()};
  const std::string x = "SELECT param_value FROM trial_params";
  s.start(0, {{"x", 0.25}});
  s.report(0, 1, {{"loss", 1}});
  s.write(0, trial_paused{1, "pbt"});
  s.write(0, trial_exploited{0, 0, 1, 1, {{"x", 0.5}}});
  s.write(0, trial_started{2, 1, {}});
  CHECK(s.seen(x) == "0.25");
  s.reopen();
  s.report(0, 2, {{"loss", 1}});
  CHECK(s.seen(x) == "0.5");
  s.write(0, trial_exploited{0, 0, 1, 1, {{"x", 7}}}); // not among its values
  s.write(0, trial_started{3, 1, {}});
  s.report(0, 3, {{"loss", 1}});
  CHECK(s.seen(x).empty());
  CHECK(s.seen("SELECT value_json FROM trial_user_attributes WHERE key = 'param:x'") == "7");
}

TEST_CASE("constants are said once, and what is computed stands beside each trial") {
  temp_dir folder;
  viewed_study s{
      folder / "study.db",
      parse_study(R"({"metric": "loss", "space": {"a": 3, "o": {"b": {"const": [1, "two"]}},
                                "x": {"choice": [0, 1]},
                                "y": {"expr": "x + 1"},
                                "z": {"const": 5, "when": {"x": 1}}}})",
                  "s.json")};
  const config c{{"a", 3}, {"o", {{"b", {1, "two"}}}}, {"x", 1}, {"y", 2}, {"z", 5}, {"new", {1}}};
  s.start(0, c);
  CHECK(s.seen("SELECT value_json FROM study_user_attributes WHERE key = 'constants'") ==
        "{\"a\": 3, \"o/b\": [1, \"two\"]}");
  CHECK(s.seen("SELECT param_name, param_value FROM trial_params", 2) == "x|1.0");
  CHECK(s.seen(attributes, 3) == "1|id|\"00000\"\n1|param:new|[1]\n1|param:y|2\n1|param:z|5");
}
