#include "base/count_text.hpp"
#include "store/doctor_parts.hpp"
#include "store/file_system.hpp"
#include "store/optuna_check.hpp"
#include "store/optuna_view.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace troupe {

void examine_view(const study_layout& layout, const study& s, diagnosis& d) {
  const auto file = layout.journal();
  std::vector<std::string> faults;
  try {
    faults = optuna_view_faults(file, s);
  } catch (const sqlite::error& e) {
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
         const bool alone = is_on_network(file);
         sqlite::database database{file,
                                   alone ? sqlite::open_mode::alone : sqlite::open_mode::write};
         { const optuna_view complete{database, s}; } // has all its tables
         optuna_view::write_anew(database);
         { const optuna_view made{database, s}; }
         if (alone) database.let_others_in();
       }});
}

} // namespace troupe
