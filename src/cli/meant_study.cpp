#include "cli/meant_study.hpp"

#include "store/journal.hpp"

#include <troupe/errors.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

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

} // namespace

study_layout meant_study(const std::optional<fs::path>& named, std::ostream& err) {
  if (named) return study_layout{*named};
  study_layout found{find_study()};
  err << "looking at " << found.root().string() << '\n';
  return found;
}

} // namespace troupe
