#include "store/doctor_parts.hpp"
#include "store/files.hpp"
#include "store/trial_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr std::array derived_names{"params.json", "result.json", "progress.csv"};

using texts = std::map<std::string, std::string>;

/// A folder for work in progress, gone with the object.
class work_folder {
public:
  work_folder() {
    auto pattern = (fs::temp_directory_path() / "troupe.XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
      throw std::runtime_error{fmt::format("cannot create folder {}: {}", pattern,
                                           std::generic_category().message(errno))};
    path_ = pattern;
  }
  work_folder(const work_folder&) = delete;
  work_folder& operator=(const work_folder&) = delete;
  ~work_folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  const fs::path& path() const noexcept { return path_; }

private:
  fs::path path_;
};

/// Returns the derived files that are in `folder`.
texts read_texts(const fs::path& folder) {
  texts found;
  for (const auto* name : derived_names)
    if (fs::is_regular_file(folder / name)) found[name] = read_all_text(folder / name);
  return found;
}

/// Returns what the files of trial `n` should be. The process that wrote a report down, which the
/// journal does not tell, is the one that stands in `folder`.
texts wanted_texts(const std::vector<event>& events, trial_number n, const fs::path& folder) {
  const work_folder work;
  trial_files files{work.path(), n, std::get<event_kind::trial_added>(events.front().body).config};
  play(events, origins_in(folder, reports_in(events)), files);
  files.close();
  return read_texts(work.path());
}

void make_anew(const std::vector<event>& events, trial_number n, const fs::path& folder,
               const std::string& name) {
  const auto wanted = wanted_texts(events, n, folder);
  create_folder(folder);
  if (const auto text = wanted.find(name); text != wanted.end())
    replace_file(folder / name, text->second);
  else
    remove_tree(folder / name);
}

} // namespace

std::size_t reports_in(const std::vector<event>& events) {
  return static_cast<std::size_t>(std::ranges::count_if(events, [](const event& e) {
    return std::holds_alternative<event_kind::trial_reported>(e.body);
  }));
}

void play(const std::vector<event>& events, const std::vector<report_origin>& origins,
          trial_files& files) {
  using namespace event_kind;
  auto origin = origins.begin();
  for (const auto& e : events) {
    if (std::holds_alternative<trial_started>(e.body)) files.begin_attempt();
    if (const auto* taken = std::get_if<trial_exploited>(&e.body)) files.next_config(taken->config);
    if (const auto* report = std::get_if<trial_reported>(&e.body))
      files.add_report(*report, written_metrics{report->metrics}, e.time_ns, *origin++);
  }
}

void examine_trial_files(const study_layout& layout, trial_number n, const trial_events& events,
                         diagnosis& d) {
  const auto folder = layout.trial(n);
  auto wanted = wanted_texts(*events, n, folder);
  auto found = read_texts(folder);
  for (const std::string name : derived_names) {
    if (wanted.contains(name) == found.contains(name) && wanted[name] == found[name]) continue;
    d.findings.push_back({(folder / name).string(),
                          found.contains(name) ? "is not what the journal says" : "is missing",
                          "makes it anew", "made anew",
                          [events, n, folder, name] { make_anew(*events, n, folder, name); }});
  }
}

} // namespace troupe
