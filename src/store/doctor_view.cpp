#include "base/count_text.hpp"
#include "store/doctor_parts.hpp"
#include "store/file_system.hpp"
#include "store/open_to_read.hpp"
#include "store/optuna_check.hpp"
#include "store/optuna_view.hpp"
#include "store/saved_replay.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

namespace troupe {

namespace {

/// Changes a journal's database.
template <class Change>
void change(const std::filesystem::path& file, Change make) {
  const bool alone = is_on_network(file);
  sqlite::database database{file, alone ? sqlite::open_mode::alone : sqlite::open_mode::write};
  make(database);
  if (alone) database.let_others_in();
}

} // namespace

void examine_saved_replay(const study_layout& layout, diagnosis& d) {
  const auto file = layout.journal();
  auto database = sqlite::open_to_read(file);
  if (is_saved_replay_whole(database)) return;
  d.findings.push_back({file.string(), "what was saved so that the study opens quickly is damaged",
                        "removes it: it is made anew when it is missed", "removed",
                        [file] { change(file, forget_saved_replay); }});
}

void examine_view(const study_layout& layout, const study& s, diagnosis& d) {
  const auto file = layout.journal();
  std::vector<std::string> faults;
  try {
    faults = optuna_view_faults(file, s);
  } catch (const sqlite::error& e) {
    if (e.code() == SQLITE_FULL || e.code() == SQLITE_IOERR) throw; // it cannot be looked at now
    faults.emplace_back(e.what());
  }
  if (faults.empty()) return;
  const auto others = faults.size() == 1
                          ? std::string{}
                          : fmt::format(", and in {}", count_text(faults.size() - 1, "more place"));
  d.findings.push_back(
      {file.string(),
       fmt::format("Optuna's tables do not say what the events say: {}{}", faults.front(), others),
       "makes them anew; what other programs have added stays", "Optuna's tables made anew",
       [file, s] {
         change(file, [&](sqlite::database& database) {
           { const optuna_view complete{database, s}; } // has all its tables
           optuna_view::write_anew(database);
           const optuna_view made{database, s};
         });
       }});
}

} // namespace troupe
