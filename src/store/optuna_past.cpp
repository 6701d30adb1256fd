#include "store/optuna_past.hpp"

#include "store/foreign_trials.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace troupe {

namespace {

namespace fs = std::filesystem;

struct optuna_study {
  std::int64_t id;
  std::string name;
};

std::vector<optuna_study> studies_in(const sqlite::database& db) {
  std::vector<optuna_study> all;
  sqlite::statement select{db, "SELECT study_id, study_name FROM studies ORDER BY study_id"};
  while (select.step())
    all.push_back({select.integer(0), std::string{select.text(1)}});
  return all;
}

optuna_study study_meant(const sqlite::database& db, const fs::path& file,
                         const std::optional<std::string>& name) {
  const auto all = studies_in(db);
  std::string names;
  for (const auto& one : all) {
    if (name ? one.name == *name : all.size() == 1) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  if (all.empty()) throw folder_error{file.string() + " has no study"};
  if (name)
    throw folder_error{fmt::format("{} has no study {}; it has {}", file.string(), *name, names)};
  throw folder_error{
      fmt::format("{} has several studies; name one with --study: {}", file.string(), names)};
}

/// Throws std::invalid_argument if the directions are not the modes of `s`.
void compare_directions(const sqlite::database& db, const optuna_study& from, const study& s) {
  std::vector<direction> found;
  sqlite::statement select{
      db, "SELECT direction FROM study_directions WHERE study_id = ?1 ORDER BY objective"};
  select.bind(1, from.id);
  while (select.step())
    found.push_back(select.text(0) == "MAXIMIZE" ? direction::max : direction::min);
  const auto objectives = s.objectives();
  if (found.size() != objectives.size())
    throw std::invalid_argument{fmt::format("study {} of Optuna has {} objectives, and this one {}",
                                            from.name, found.size(), objectives.size())};
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i] != objectives[i].mode)
      throw std::invalid_argument{fmt::format(
          "study {} of Optuna {} its objective {}, and \"mode\" says otherwise of \"{}\"",
          from.name, found[i] == direction::max ? "maximizes" : "minimizes", i,
          objectives[i].metric)};
}

} // namespace

std::vector<known_trial> past_of_optuna(const fs::path& file,
                                        const std::optional<std::string>& name, const study& s) {
  if (!fs::is_regular_file(file)) throw folder_error{file.string() + " is no file"};
  sqlite::database db{file, sqlite::open_mode::read};
  try {
    const auto from = study_meant(db, file, name);
    compare_directions(db, from, s);
    return completed_optuna_trials(db, from.id, s);
  } catch (const sqlite::error& e) {
    throw folder_error{
        fmt::format("{} is no file of Optuna's storage: {}", file.string(), e.what())};
  }
}

} // namespace troupe
