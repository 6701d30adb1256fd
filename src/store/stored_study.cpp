#include "store/stored_study.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "store/files.hpp"
#include "store/journal.hpp"
#include "study/former_space.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace troupe {

namespace {

std::string text_of(const boost::json::value* v) {
  return v ? to_text(*v) : "not said";
}

/// Returns whether a journal says all of the study file that it was begun with: older ones say what
/// identifies the study, and some of them `keep`.
bool is_whole(const boost::json::object& identity) {
  return identity.contains("durability");
}

/// Returns the keys of study.json of which a journal says what they were.
std::vector<std::string_view> keys_told(const boost::json::object& identity,
                                        const boost::json::object& file) {
  const auto some = identifying_keys();
  std::vector<std::string_view> keys{some.begin(), some.end()};
  const auto add = [&](std::string_view key) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  };
  for (const auto& [key, value] : identity)
    add(key);
  if (is_whole(identity))
    for (const auto& [key, value] : file)
      add(key);
  return keys;
}

/// Returns the study if its file is one that version 0.1.0 has written.
std::optional<study> former_study_in(const study_layout& layout) try {
  auto file = parse_json(read_all_text(layout.study_file())).as_object();
  auto& space = file.at("space");
  space = with_escapes(space);
  return parse_study(to_text(file), layout.study_file().string());
} catch (const std::exception&) {
  return std::nullopt;
}

} // namespace

boost::json::object as_read(const study& s) {
  auto written = to_json(s);
  try {
    return to_json(parse_study(to_pretty_text(written), "study", {}));
  } catch (const invalid_study&) {
    return written; // it has what no file can say
  }
}

study as_written(study s) {
  s.trial_files = writes_trial_files(s);
  return s;
}

bool is_of_another_program(const invalid_study& e) {
  return std::ranges::any_of(e.faults(), [](const fault& f) {
    return f.path == "searcher/name" || f.path == "scheduler/name" ||
           (f.path.starts_with("stoppers/") && f.path.ends_with("/name"));
  });
}

study stored_study(const study_layout& layout) {
  try {
    return read_study(layout.study_file());
  } catch (const invalid_study& e) {
    if (auto former = former_study_in(layout)) return *std::move(former);
    if (is_of_another_program(e))
      throw folder_error{
          fmt::format("{}; the study in {} has been made by a program that knows it: "
                      "use that one",
                      e.what(), layout.root().string())};
    throw folder_error{fmt::format("{}; the study in {} is damaged: restore {} from a copy",
                                   e.what(), layout.root().string(), layout.study_file().string())};
  }
}

study study_of(const std::filesystem::path& journal) {
  return stored_study(study_layout{journal.parent_path()});
}

study present_study(const std::filesystem::path& journal) {
  auto s = study_of(journal);
  const auto limits = limits_in(journal);
  return limits ? with_limits(std::move(s), *limits) : s;
}

bool trains_itself(const event_kind::study_started& started, const study& begun) {
  return started.trains.value_or(!begun.trainable.name.empty());
}

void refuse_if_asked(const event_kind::study_started& started, const study& begun,
                     const study_layout& layout) {
  if (!trains_itself(started, begun))
    throw folder_error{fmt::format("{} holds a study whose trials are trained by whoever asks for "
                                   "them; go on with `troupe ask`",
                                   layout.root().string())};
}

study_origin origin_of(const study& s) {
  study_origin from{as_read(s), std::nullopt};
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown).filename().string();
  if (!program.empty()) from.program = program;
  return from;
}

void refuse_if_changed(const event_kind::study_started& started, const study& begun,
                       const study_layout& layout) {
  if (!started.identity) return;
  auto identity = *started.identity;
  if (auto* space = identity.if_contains("space")) *space = with_escapes(*space);
  const auto file = to_json(begun);
  auto keys = keys_told(identity, file);
  std::erase(keys, "num_samples"); // in all journals stands what it comes to
  auto what = differences_between(identity, file, keys);
  if (started.num_samples != number_of_trials(begun))
    what += fmt::format("{}it makes {} there, and {} here", what.empty() ? "" : "; ",
                        count_text(started.num_samples, "trial"),
                        count_text(number_of_trials(begun), "trial"));
  if (what.empty()) return;
  throw folder_error{
      fmt::format("{} has been changed since the study began: of the journal and the "
                  "file, {}; put it back as it was (what a study may change on its way is changed "
                  "with --set, and stays in the journal)",
                  layout.study_file().string(), what)};
}

bool is_of(const event_kind::study_started& started, const study& s) {
  return started.name == s.name && started.num_samples == number_of_trials(s);
}

bool agree(const boost::json::object& a, const boost::json::object& b, std::string_view key) {
  const auto* x = a.if_contains(key);
  const auto* y = b.if_contains(key);
  return x && y ? *x == *y : x == y;
}

std::span<const std::string_view> identifying_keys() {
  static constexpr std::array<std::string_view, 13> keys{"name",
                                                         "trainable",
                                                         "space",
                                                         "metric",
                                                         "mode",
                                                         "constraints",
                                                         "scope",
                                                         "searcher",
                                                         "scheduler",
                                                         "seed",
                                                         "points_to_evaluate",
                                                         "constant_grid_search",
                                                         "stoppers"};
  return keys;
}

std::string differences_between(const study& there, const study& here,
                                std::span<const std::string_view> keys) {
  return differences_between(as_read(there), as_read(here), keys);
}

std::string differences_between(const boost::json::object& a, const boost::json::object& b,
                                std::span<const std::string_view> keys) {
  std::string all;
  for (const auto key : keys) {
    if (agree(a, b, key)) continue;
    all += fmt::format("{}{} is {} there, and {} here", all.empty() ? "" : "; ", key,
                       text_of(a.if_contains(key)), text_of(b.if_contains(key)));
  }
  return all;
}

} // namespace troupe
