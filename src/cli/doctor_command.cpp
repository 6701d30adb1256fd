#include "cli/doctor_command.hpp"

#include "cli/exit_code.hpp"
#include "store/doctor.hpp"
#include "store/journal.hpp"
#include "store/study_folder.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns the study that is meant where none is named.
fs::path find_study() {
  if (is_journal(study_layout{"."}.journal())) return ".";
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{"results", error})
    if (is_journal(study_layout{entry.path()}.journal())) found.push_back(entry.path());
  if (found.size() == 1) return found.front();
  std::ranges::sort(found);
  std::string names;
  for (const auto& each : found)
    names += (names.empty() ? "" : ", ") + each.string();
  if (found.empty())
    throw folder_error{"neither the current folder nor one in results/ holds a study; name its "
                       "results folder"};
  throw folder_error{"there are several studies: " + names + "; name one of them"};
}

/// Says what is wrong and, if `repair`, puts it right. Returns whether it is right now.
bool treat(const finding& f, bool repair, std::ostream& out) {
  out << f.where << ": " << f.what << "; ";
  if (!f.repair)
    out << f.remedy << '\n';
  else if (!repair)
    out << "--repair " << f.remedy << '\n';
  else
    try {
      f.repair();
      out << f.done << '\n';
      return true;
    } catch (const std::exception& e) {
      out << "could not be repaired: " << e.what() << '\n';
    }
  return false;
}

} // namespace

int doctor_command(const std::optional<fs::path>& folder, bool repair, std::ostream& out,
                   std::ostream& err) {
  const study_layout layout{folder ? *folder : find_study()};
  if (!folder) err << "looking at " << layout.root().string() << '\n';
  std::optional<study_folder> ours;
  // What is no journal any more gives no right to the folder, and nothing to repair it from.
  if (repair && is_journal(layout.journal())) ours.emplace(layout.root(), folder_use::go_on);
  const bool in_use = !ours && is_in_use(layout);
  if (in_use)
    err << layout.root().string()
        << ": a study runs here; checkpoints and derived files are looked at when it has ended\n";
  const auto d = examine(layout, in_use);
  bool right = true;
  bool reparable = true;
  for (const auto& f : d.findings) {
    right = treat(f, repair, out) && right;
    reparable = reparable && f.repair;
  }
  out.flush();
  err << fmt::format("{}: {} events, {} trials, {} checkpoints; {}\n", layout.root().string(),
                     d.events, d.trials, d.checkpoints,
                     d.findings.empty() ? "nothing wrong"
                                        : fmt::format("{} findings", d.findings.size()));
  if (right) return exit_code::done;
  return reparable && !repair ? exit_code::folder : exit_code::beyond_repair;
}

} // namespace troupe
