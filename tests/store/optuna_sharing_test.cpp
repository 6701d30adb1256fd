#include "optuna_kit.hpp"

#include <doctest/doctest.h>

using namespace optuna_kit;
using namespace troupe;
using namespace troupe::event_kind;

namespace {

study of_loss() {
  return parse_study(R"({"name": "demo", "metric": "loss", "space": {"x": {"uniform": [0, 1]}}})",
                     "s.json");
}

} // namespace

TEST_CASE("a view goes on among what other programs have added") {
  temp_dir folder;
  viewed_study s{folder / "study.db", of_loss()};
  s.start(0, {{"x", 0.5}});
  s.meddle("INSERT INTO studies VALUES(2, 'other'); INSERT INTO trials VALUES(2, 0, 2, 'RUNNING', "
           "NULL, NULL), (3, 1, 1, 'COMPLETE', NULL, NULL); "
           "INSERT INTO trial_user_attributes(trial_id, key, value_json) VALUES (1, 'note', '1')");
  s.start(1, {{"x", 0.25}});
  s.reopen();
  s.meddle("INSERT INTO trials VALUES(9, 0, 2, 'RUNNING', NULL, NULL)");
  s.start(2, {{"x", 0.125}});
  s.report(0, 1, {{"loss", 1}});
  s.end(0, trial_state::completed);
  CHECK(s.seen("SELECT trial_id, number, study_id, state FROM trials ORDER BY 1", 4) ==
        "1|0|1|COMPLETE\n2|0|2|RUNNING\n3|1|1|COMPLETE\n4|2|1|RUNNING\n9|0|2|RUNNING\n10|3|1|"
        "RUNNING");
  CHECK(
      s.seen("SELECT value_json FROM trial_user_attributes WHERE trial_id = 1 AND key = 'note'") ==
      "1");
  CHECK(s.seen("SELECT trial_id, param_value FROM trial_params ORDER BY 1", 2) ==
        "1|0.5\n4|0.25\n10|0.125");
}

TEST_CASE("a waiting trial that another program has taken is Troupe's again when it runs") {
  temp_dir folder;
  viewed_study s{folder / "study.db", of_loss()};
  s.write(0, trial_added{{{"x", 0.5}}, 0});
  s.write(1, trial_added{{{"x", 0.25}}, 0});
  s.meddle("UPDATE trials SET state = 'COMPLETE', datetime_complete = '2026-01-01 00:00:00'; "
           "INSERT INTO trial_values(trial_id, objective, value, value_type) VALUES "
           "(1, 0, 7, 'FINITE'), (2, 0, 7, 'FINITE')");
  for (const trial_number n : {0U, 1U})
    s.write(n, trial_started{1, 0, {}});
  CHECK(s.seen("SELECT state, datetime_complete FROM trials", 2) == "RUNNING|\nRUNNING|");
  s.report(0, 1, {{"loss", 1}});
  s.end(0, trial_state::completed);
  s.end(1, trial_state::failed, "boom");
  CHECK(s.seen("SELECT trial_id, objective, value, value_type FROM trial_values", 4) ==
        "1|0|1.0|FINITE");
}

TEST_CASE("a trial that another program has deleted does not keep a study from going on") {
  temp_dir folder;
  viewed_study s{folder / "study.db", of_loss()};
  s.start(0, {{"x", 0.5}});
  s.meddle("DELETE FROM trials");
  s.report(0, 1, {{"loss", 1}});
  s.reopen();
  s.report(0, 2, {{"loss", 1}});
  s.end(0, trial_state::completed);
  CHECK(s.seen("SELECT number, state FROM trials", 2) == "0|COMPLETE");
}

TEST_CASE("a study that was there by that name keeps it") {
  temp_dir folder;
  const auto file = folder / "study.db";
  {
    viewed_study s{file, of_loss()};
    s.meddle("UPDATE meta SET key = 'lost' WHERE key = 'optuna_study'");
  }
  viewed_study s{file, of_loss()};
  CHECK(s.seen("SELECT study_name FROM studies ORDER BY 1") == "demo\ndemo (2)");
}

TEST_CASE("a view that was deleted is made again from the events") {
  temp_dir folder;
  viewed_study s{folder / "study.db", of_loss()};
  s.start(0, {{"x", 0.5}});
  s.report(0, 1, {{"loss", 1}});
  const auto before = s.everything();
  s.meddle("DELETE FROM studies; DELETE FROM study_directions; DELETE FROM study_user_attributes; "
           "DELETE FROM study_system_attributes; DELETE FROM trials; DELETE FROM trial_params; "
           "DELETE FROM trial_user_attributes; DELETE FROM trial_intermediate_values");
  s.reopen();
  CHECK(s.everything() == before);
}

TEST_CASE("tables of another revision are refused by name") {
  temp_dir folder;
  const auto file = folder / "study.db";
  { journal_writer make{file}; }
  sqlite::database{file, sqlite::open_mode::write}.execute(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); "
      "INSERT INTO alembic_version VALUES ('v9.9.9.a')");
  const auto said = store_kit::message_of<folder_error>([&] { viewed_study{file, of_loss()}; });
  CHECK(said.starts_with(file.string() + ": its tables for Optuna are of revision v9.9.9.a; "));
}
