#include "base/work_folder.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr auto half_written = "was left half-written by a run that did not end";

void look_for(const fs::path& path, diagnosis& d) {
  if (fs::exists(path)) d.findings.push_back(superfluous(path, half_written));
}

/// Returns the trial that a folder is named after; none if it is named after no trial.
std::optional<trial_number> trial_of(const fs::path& folder) {
  const auto name = folder.filename().string();
  trial_number n = 0;
  std::from_chars(name.data(), name.data() + name.size(), n);
  if (name != trial_id(n)) return std::nullopt;
  return n;
}

bool is_ours(const fs::path& file) {
  constexpr std::array<std::string_view, 5> names{"params.json", "result.json", "progress.csv",
                                                  "log.txt", "error.txt"};
  auto name = file.filename().string();
  if (name.starts_with("checkpoint_") || name.starts_with(".checkpoint_")) return true;
  if (name.ends_with(".tmp")) name.resize(name.size() - 4);
  return std::ranges::find(names, name) != names.end();
}

/// Returns whether a trial's folder has nothing but what others have put there.
bool is_others(const fs::path& folder) {
  const fs::directory_iterator entries{folder};
  return !fs::is_empty(folder) && std::none_of(begin(entries), end(entries),
                                               [](const auto& e) { return is_ours(e.path()); });
}

/// Removes what trials have in their folders; then the folder, if nothing else is there.
void remove_trial(const fs::path& folder) {
  std::vector<fs::path> ours;
  for (const auto& entry : fs::directory_iterator{folder})
    if (is_ours(entry.path())) ours.push_back(entry.path());
  for (const auto& path : ours)
    remove_tree(path);
  if (fs::is_empty(folder)) remove_tree(folder);
}

} // namespace

finding superfluous(const fs::path& path, std::string what) {
  return {path.string(), std::move(what), "removes it", "removed", [path] { remove_tree(path); }};
}

void examine_leftovers(const study_layout& layout, trial_number trials, diagnosis& d) {
  for (const auto& file : {layout.study_file(), layout.summary()})
    look_for(fs::path{file} += ".tmp", d);
  for (const auto& work : work_folders_in(layout.root()))
    d.findings.push_back(superfluous(work, "was left by a program that a run did not end"));
  if (!fs::is_directory(layout.trials())) return;
  for (const auto& entry : fs::directory_iterator{layout.trials()}) {
    const auto n = trial_of(entry.path());
    if (!n || entry.is_symlink() || !entry.is_directory()) continue;
    const auto& folder = entry.path();
    if (*n >= trials) {
      if (is_others(folder)) continue;
      d.findings.push_back({folder.string(), "is of a trial that the journal does not know",
                            "removes it", "removed", [folder] { remove_trial(folder); }});
      continue;
    }
    for (const auto& leftover : leftovers_in(folder))
      d.findings.push_back(superfluous(leftover, half_written));
    for (const auto* name : {"params.json.tmp", "progress.csv.tmp"})
      look_for(folder / name, d);
  }
}

} // namespace troupe
