#include "store/optuna_check.hpp"

#include "store/journal.hpp"
#include "store/optuna_view.hpp"

#include <fmt/format.h>

#include <optional>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Where one thing about a trial is.
struct aspect {
  std::string_view name;
  std::string_view table;
  std::string_view columns;
};

constexpr aspect aspects[] = {
    {"its state or times", "trials", "state, datetime_start, datetime_complete"},
    {"its parameters", "trial_params", "param_name, param_value, distribution_json"},
    {"its reports", "trial_intermediate_values",
     "step, intermediate_value, intermediate_value_type"},
    {"its values", "trial_values", "objective, value, value_type"},
    {"its user attributes", "trial_user_attributes", "\"key\", value_json"},
    {"its constraints", "trial_system_attributes", "\"key\", value_json"},
};

/// Selects an aspect of the study's own trials, by trial.
std::string selection(std::string_view schema, const aspect& a) {
  return fmt::format("SELECT trial, {2} FROM {0}.{1} JOIN {0}.optuna_trials USING (trial_id)",
                     schema, a.table, a.columns);
}

/// A database of its own with the view that the events of `file` make.
sqlite::database remade(const fs::path& file, const study& s) {
  sqlite::database db{":memory:", sqlite::open_mode::create};
  db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL); "
             "CREATE TABLE events(seq INTEGER PRIMARY KEY)");
  optuna_view view{db, s};
  auto reader = journal_reader::unchecked(file);
  while (const auto e = reader.next())
    view.take(*e);
  return db;
}

} // namespace

std::vector<std::string> optuna_view_faults(const fs::path& file, const study& s) {
  std::vector<std::string> faults;
  if (!sqlite::database{file, sqlite::open_mode::read}.select_integer(
          "SELECT 1 FROM sqlite_master WHERE name = 'optuna_trials'"))
    return faults;
  auto db = remade(file, s);
  sqlite::statement attach{db, "ATTACH ?1 AS found"};
  const auto path = file.string();
  attach.bind(1, std::string_view{path}).run();
  for (const auto& a : aspects) {
    sqlite::statement missing{db,
                              fmt::format("SELECT DISTINCT trial FROM ({} EXCEPT {}) ORDER BY 1",
                                          selection("main", a), selection("found", a))};
    while (missing.step())
      faults.push_back(fmt::format(
          "trial {}: {}", trial_id(static_cast<trial_number>(missing.integer(0))), a.name));
  }
  return faults;
}

} // namespace troupe
