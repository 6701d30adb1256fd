#include "store/optuna_rows.hpp"

#include "store/time_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

namespace {

/// How Optuna's tables write a number: finite ones in a column, the rest by name.
std::string_view type_of(double x) {
  if (std::isnan(x)) return "NAN";
  if (std::isinf(x)) return x > 0 ? "INF_POS" : "INF_NEG";
  return "FINITE";
}

std::optional<double> column_of(double x) {
  return std::isfinite(x) ? std::optional{x} : std::nullopt;
}

} // namespace

optuna_rows::optuna_rows(sqlite::database& db, std::int64_t study_id)
    : find_{db, "SELECT trial_id FROM optuna_trials JOIN trials USING (trial_id) WHERE trial = ?1"},
      add_{db, fmt::format("INSERT INTO trials(number, study_id, state) VALUES (coalesce((SELECT "
                           "number FROM trials WHERE study_id = {0} ORDER BY trial_id DESC LIMIT 1)"
                           " + 1, 0), {0}, 'WAITING') RETURNING trial_id",
                           study_id)},
      adopt_{db, fmt::format("UPDATE trials SET datetime_start = NULL, datetime_complete = NULL "
                             "WHERE trial_id = ?1 AND study_id = {} AND trial_id NOT IN (SELECT "
                             "trial_id FROM optuna_trials) RETURNING trial_id",
                             study_id)},
      name_{db, "INSERT OR REPLACE INTO optuna_trials VALUES (?1, ?2)"},
      begin_again_{db, "UPDATE trials SET state = 'WAITING', datetime_start = NULL, "
                       "datetime_complete = NULL WHERE trial_id = ?1"},
      run_{db, "UPDATE trials SET state = 'RUNNING', datetime_complete = NULL, "
               "datetime_start = coalesce(datetime_start, ?2) WHERE trial_id = ?1"},
      end_{db, "UPDATE trials SET state = ?3, datetime_complete = ?2, "
               "datetime_start = coalesce(datetime_start, ?2) WHERE trial_id = ?1"},
      set_parameter_{db,
                     "INSERT INTO trial_params(trial_id, param_name, param_value, "
                     "distribution_json) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(trial_id, param_name) "
                     "DO UPDATE SET param_value = ?3, distribution_json = ?4"},
      remove_parameter_{db, "DELETE FROM trial_params WHERE trial_id = ?1 AND param_name = ?2"},
      set_report_{db, "INSERT INTO trial_intermediate_values(trial_id, step, intermediate_value, "
                      "intermediate_value_type) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(trial_id, step)"
                      " DO UPDATE SET intermediate_value = ?3, intermediate_value_type = ?4"},
      remove_reports_{db, "DELETE FROM trial_intermediate_values WHERE trial_id = ?1"},
      set_value_{db, "INSERT INTO trial_values(trial_id, objective, value, value_type) VALUES "
                     "(?1, ?2, ?3, ?4) ON CONFLICT(trial_id, objective) "
                     "DO UPDATE SET value = ?3, value_type = ?4"},
      remove_values_{db, "DELETE FROM trial_values WHERE trial_id = ?1"},
      set_attribute_{db, "INSERT INTO trial_user_attributes(trial_id, \"key\", value_json) VALUES "
                         "(?1, ?2, ?3) ON CONFLICT(trial_id, \"key\") DO UPDATE SET "
                         "value_json = ?3"},
      remove_attribute_{db, "DELETE FROM trial_user_attributes WHERE trial_id = ?1 AND \"key\" = "
                            "?2"},
      set_constraints_{db, "INSERT INTO trial_system_attributes(trial_id, \"key\", value_json) "
                           "VALUES (?1, 'constraints', ?2) ON CONFLICT(trial_id, \"key\") "
                           "DO UPDATE SET value_json = ?2"} {}

std::optional<std::int64_t> optuna_rows::find(trial_number n) {
  std::optional<std::int64_t> id;
  if (find_.bind(1, std::int64_t{n}).step()) id = find_.integer(0);
  find_.reset();
  return id;
}

std::int64_t optuna_rows::add(trial_number n) {
  add_.step();
  const auto id = add_.integer(0);
  add_.run();
  name_.bind(1, std::int64_t{n}).bind(2, id).run();
  return id;
}

bool optuna_rows::adopt(trial_number n, std::int64_t id) {
  const bool is_there = adopt_.bind(1, id).step();
  adopt_.reset();
  if (is_there) name_.bind(1, std::int64_t{n}).bind(2, id).run();
  return is_there;
}

void optuna_rows::begin_again(std::int64_t id) {
  begin_again_.bind(1, id).run();
  remove_reports(id);
  remove_values(id);
}

void optuna_rows::run(std::int64_t id, std::int64_t time_ns) {
  const auto time = to_sql_time_text(time_ns);
  run_.bind(1, id).bind(2, std::string_view{time}).run();
}

void optuna_rows::end(std::int64_t id, std::string_view state, std::int64_t time_ns) {
  const auto time = to_sql_time_text(time_ns);
  end_.bind(1, id).bind(2, std::string_view{time}).bind(3, state).run();
}

void optuna_rows::set_parameter(std::int64_t id, std::string_view name, double value,
                                std::string_view distribution) {
  set_parameter_.bind(1, id).bind(2, name).bind_real(3, value).bind(4, distribution).run();
}

void optuna_rows::remove_parameter(std::int64_t id, std::string_view name) {
  remove_parameter_.bind(1, id).bind(2, name).run();
}

void optuna_rows::set_report(std::int64_t id, int step, double value) {
  set_report_.bind(1, id).bind(2, std::int64_t{step});
  set_report_.bind_real(3, column_of(value)).bind(4, type_of(value)).run();
}

void optuna_rows::remove_reports(std::int64_t id) {
  remove_reports_.bind(1, id).run();
}

void optuna_rows::set_value(std::int64_t id, int objective, double value) {
  set_value_.bind(1, id).bind(2, std::int64_t{objective});
  set_value_.bind_real(3, column_of(value)).bind(4, type_of(value)).run();
}

void optuna_rows::remove_values(std::int64_t id) {
  remove_values_.bind(1, id).run();
}

void optuna_rows::set_attribute(std::int64_t id, std::string_view key, std::string_view json) {
  set_attribute_.bind(1, id).bind(2, key).bind(3, json).run();
}

void optuna_rows::remove_attribute(std::int64_t id, std::string_view key) {
  remove_attribute_.bind(1, id).bind(2, key).run();
}

void optuna_rows::set_constraints(std::int64_t id, std::string_view json) {
  set_constraints_.bind(1, id).bind(2, json).run();
}

} // namespace troupe
