#include "store/optuna_schema.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <string>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view revision = "v3.2.0.a";

/// Columns, keys and their order are Optuna's own.
constexpr std::string_view optuna_tables = R"(
CREATE TABLE IF NOT EXISTS studies (
  study_id INTEGER NOT NULL, study_name VARCHAR(512) NOT NULL, PRIMARY KEY (study_id));
CREATE UNIQUE INDEX IF NOT EXISTS ix_studies_study_name ON studies (study_name);
CREATE TABLE IF NOT EXISTS version_info (
  version_info_id INTEGER NOT NULL, schema_version INTEGER, library_version VARCHAR(256),
  PRIMARY KEY (version_info_id), CHECK (version_info_id=1));
CREATE TABLE IF NOT EXISTS study_directions (
  study_direction_id INTEGER NOT NULL, direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL,
  objective INTEGER NOT NULL, PRIMARY KEY (study_direction_id), UNIQUE (study_id, objective),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE IF NOT EXISTS study_user_attributes (
  study_user_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512), value_json TEXT,
  PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE IF NOT EXISTS study_system_attributes (
  study_system_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, "key"),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE TABLE IF NOT EXISTS trials (
  trial_id INTEGER NOT NULL, number INTEGER, study_id INTEGER, state VARCHAR(8) NOT NULL,
  datetime_start DATETIME, datetime_complete DATETIME, PRIMARY KEY (trial_id),
  FOREIGN KEY(study_id) REFERENCES studies (study_id));
CREATE INDEX IF NOT EXISTS ix_trials_study_id ON trials (study_id);
CREATE TABLE IF NOT EXISTS trial_user_attributes (
  trial_user_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512), value_json TEXT,
  PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS trial_system_attributes (
  trial_system_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512),
  value_json TEXT, PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, "key"),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS trial_params (
  param_id INTEGER NOT NULL, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT,
  distribution_json TEXT, PRIMARY KEY (param_id), UNIQUE (trial_id, param_name),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS trial_values (
  trial_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL,
  value FLOAT, value_type VARCHAR(7) NOT NULL, PRIMARY KEY (trial_value_id),
  UNIQUE (trial_id, objective), FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS trial_intermediate_values (
  trial_intermediate_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, step INTEGER NOT NULL,
  intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL,
  PRIMARY KEY (trial_intermediate_value_id), UNIQUE (trial_id, step),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS trial_heartbeats (
  trial_heartbeat_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, heartbeat DATETIME NOT NULL,
  PRIMARY KEY (trial_heartbeat_id), UNIQUE (trial_id),
  FOREIGN KEY(trial_id) REFERENCES trials (trial_id));
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE IF NOT EXISTS optuna_trials (
  trial INTEGER PRIMARY KEY, trial_id INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO version_info VALUES (1, 12, 'Troupe');
)";

std::string free_name(const sqlite::database& db, const std::string& wanted) {
  sqlite::statement taken{db, "SELECT 1 FROM studies WHERE study_name = ?1"};
  std::string name = wanted;
  for (int n = 2; taken.bind(1, std::string_view{name}).step(); ++n) {
    taken.reset();
    name = fmt::format("{} ({})", wanted, n);
  }
  return name;
}

void add_attribute(const sqlite::database& db, std::string_view table, std::int64_t study_id,
                   std::string_view key, const json::value& value) {
  const auto text = to_text(value);
  sqlite::statement insert{
      db, fmt::format("INSERT INTO {}(study_id, \"key\", value_json) VALUES (?1, ?2, ?3)", table)};
  insert.bind(1, study_id).bind(2, key).bind(3, std::string_view{text}).run();
}

/// The parameters that have one value in all trials: it would be repetition to say it in each.
json::object constants_of(const study& s) {
  json::object found;
  for (const auto& e : s.space.entries())
    if (const auto* c = std::get_if<constant>(&e.domain); c && e.when.empty())
      found[e.path] = c->value;
  return found;
}

} // namespace

void create_optuna_tables(sqlite::database& db) {
  db.execute(std::string{optuna_tables});
  db.execute(fmt::format("INSERT INTO alembic_version SELECT '{}' "
                         "WHERE NOT EXISTS (SELECT 1 FROM alembic_version)",
                         revision));
  sqlite::statement found{db, "SELECT version_num FROM alembic_version"};
  if (found.step() && found.text(0) != revision)
    throw folder_error{fmt::format("{}: its tables for Optuna are of revision {}; Troupe knows {}: "
                                   "restore the file from a copy",
                                   db.file().string(), found.text(0), revision)};
}

std::int64_t add_optuna_study(sqlite::database& db, const study& s) {
  const auto name = free_name(db, s.name);
  sqlite::statement insert{db, "INSERT INTO studies(study_name) VALUES (?1) RETURNING study_id"};
  insert.bind(1, std::string_view{name}).step();
  const auto id = insert.integer(0);
  insert.run();
  sqlite::statement direct{
      db, "INSERT INTO study_directions(direction, study_id, objective) VALUES (?1, ?2, ?3)"};
  json::array names;
  for (const auto& o : s.objectives()) {
    const std::string_view way = o.mode == direction::min ? "MINIMIZE" : "MAXIMIZE";
    direct.bind(1, way).bind(2, id).bind(3, static_cast<std::int64_t>(names.size())).run();
    names.emplace_back(o.metric);
  }
  add_attribute(db, "study_system_attributes", id, "study:metric_names", names);
  // The reader in browsers and editors knows only this one.
  add_attribute(db, "study_system_attributes", id, "dashboard:objective_names", names);
  if (auto constants = constants_of(s); !constants.empty())
    add_attribute(db, "study_user_attributes", id, "constants", std::move(constants));
  return id;
}

} // namespace troupe
