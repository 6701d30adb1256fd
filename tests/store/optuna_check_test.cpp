#include "optuna_kit.hpp"
#include "store/optuna_check.hpp"

#include <doctest/doctest.h>

using namespace optuna_kit;
using namespace troupe;

namespace {

using lines = std::vector<std::string>;

study two_values() {
  return parse_study(R"({"metric": "loss", "constraints": ["c"], "space":
                         {"x": {"uniform": [0, 1]}, "y": {"uniform": [0, 1]}}})",
                     "s.json");
}

/// A study of three trials, the last of which runs.
struct some_trials : viewed_study {
  explicit some_trials(const fs::path& file) : viewed_study{file, two_values()} {
    for (const trial_number n : {0U, 1U, 2U}) {
      start(n, {{"x", 0.5}, {"y", 0.25}});
      for (const int i : {1, 2})
        report(n, i, {{"loss", 1.0 / i}, {"c", -1}, {"accuracy", i}});
      if (n < 2) end(n, trial_state::completed);
    }
    commit();
  }
};

} // namespace

TEST_CASE("a view that says what the events say has no faults, whatever others have added") {
  temp_dir folder;
  const auto file = folder / "study.db";
  some_trials s{file};
  CHECK(optuna_view_faults(file, two_values()) == lines{});
  s.meddle(
      "INSERT INTO trials VALUES (7, 3, 1, 'COMPLETE', NULL, NULL); INSERT INTO "
      "trial_user_attributes(trial_id, key, value_json) VALUES (1, 'note', '1'), (7, 'n', '2')");
  CHECK(optuna_view_faults(file, two_values()) == lines{});
}

TEST_CASE("what has been changed in a view is named by its trial, and can be written anew") {
  temp_dir folder;
  const auto file = folder / "study.db";
  some_trials s{file};
  const auto good = s.everything();
  for (const auto& [damage, named] : std::vector<std::pair<std::string, lines>>{
           {"UPDATE trials SET state = 'FAIL' WHERE trial_id = 2",
            {"trial 00001: its state or times"}},
           {"UPDATE trials SET datetime_start = '1999-01-01 00:00:00' WHERE trial_id = 3",
            {"trial 00002: its state or times"}},
           {"UPDATE trial_params SET param_value = 7 WHERE trial_id = 1 AND param_name = 'y'",
            {"trial 00000: its parameters"}},
           {"DELETE FROM trial_intermediate_values WHERE step = 2 AND trial_id < 3",
            {"trial 00000: its reports", "trial 00001: its reports"}},
           {"UPDATE trial_values SET value = NULL, value_type = 'INF_POS' WHERE trial_id = 1",
            {"trial 00000: its values"}},
           {"DELETE FROM trial_user_attributes WHERE key = 'metric:accuracy' AND trial_id = 1; "
            "DELETE FROM trial_system_attributes",
            {"trial 00000: its user attributes", "trial 00000: its constraints",
             "trial 00001: its constraints"}}}) {
    CAPTURE(damage);
    s.meddle(damage);
    CHECK(optuna_view_faults(file, two_values()) == named);
    s.write_anew();
    CHECK(optuna_view_faults(file, two_values()) == lines{});
    CHECK(s.everything() == good);
  }
}

TEST_CASE("a trial that was deleted from the view comes back as another of Optuna's") {
  temp_dir folder;
  const auto file = folder / "study.db";
  some_trials s{file};
  s.meddle("DELETE FROM trials WHERE trial_id = 2");
  CHECK(optuna_view_faults(file, two_values()) == lines{"trial 00001: its state or times"});
  s.write_anew();
  CHECK(optuna_view_faults(file, two_values()) == lines{});
  CHECK(s.seen("SELECT trial, trial_id FROM optuna_trials", 2) == "0|1\n1|4\n2|3");
}

TEST_CASE("a journal without a view has no faults in it") {
  temp_dir folder;
  const auto file = folder / "study.db";
  { journal_writer make{file}; }
  CHECK(optuna_view_faults(file, two_values()) == lines{});
}
