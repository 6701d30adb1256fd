#include "store/optuna_check.hpp"

#include "store/database_copy.hpp"
#include "store/file_system.hpp"
#include "store/journal.hpp"
#include "store/open_to_read.hpp"
#include "store/optuna_view.hpp"

#include <fmt/format.h>

#include <cstdint>
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

/// A database of its own with the view that the events of `file` up to `last` make.
sqlite::database remade(const fs::path& file, const study& s, std::uint64_t last) {
  sqlite::database db{":memory:", sqlite::open_mode::create};
  db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL); "
             "CREATE TABLE events(seq INTEGER PRIMARY KEY)");
  optuna_view view{db, s};
  auto reader = journal_reader::unchecked(file);
  for (auto e = reader.next(); e && e->seq <= last; e = reader.next())
    view.take(*e);
  return db;
}

/// Returns the last event that the view in `file` has; none if there is no view. The next writer
/// brings it further.
std::optional<std::uint64_t> view_position(const fs::path& file) {
  auto db = sqlite::open_to_read(file);
  if (!db.select_integer("SELECT 1 FROM sqlite_master WHERE name = 'optuna_trials'"))
    return std::nullopt;
  return static_cast<std::uint64_t>(
      db.select_integer("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'optuna_seq'")
          .value_or(0));
}

} // namespace

std::vector<std::string> optuna_view_faults(const fs::path& file, const study& s) {
  std::vector<std::string> faults;
  const auto last = view_position(file);
  if (!last) return faults;
  auto db = remade(file, s, *last);
  std::optional<sqlite::database_copy> copy;
  if (is_on_network(file)) copy.emplace(file);
  sqlite::statement attach{db, "ATTACH ?1 AS found"};
  const auto path = sqlite::plain_name(copy ? copy->file() : file);
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
