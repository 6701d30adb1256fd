#include "store/asked_study.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/results_json.hpp"
#include "store/stored_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Others have the folder for milliseconds, unless `run` has it.
constexpr auto patience = std::chrono::seconds{10};

/// The journal decides by these.
constexpr std::array decisive{"space",
                              "metric",
                              "mode",
                              "constraints",
                              "searcher",
                              "scheduler",
                              "seed",
                              "points_to_evaluate",
                              "constant_grid_search",
                              "stop",
                              "stoppers",
                              "max_failures"};

std::unique_ptr<study_folder> take_existing(const fs::path& folder,
                                            const asked_study::listener& say) {
  existing_journal(study_layout{folder}, "`troupe ask` begins one");
  return std::make_unique<study_folder>(folder, folder_use::go_on, folder_patience{patience, say},
                                        "DIR");
}

/// Each call is one answer to one asker: there is nothing to gather for a group.
durability durability_of(const study& s) {
  return s.durability == durability::off ? durability::off : durability::sync;
}

void refuse_if_trained(const event_kind::study_started& started, const study_layout& layout) {
  if (started.trains.value_or(false))
    throw folder_error{
        fmt::format("{} holds a study of `troupe run`, which trains its trials itself; "
                    "ask in another folder",
                    layout.root().string())};
}

/// Returns the journal of the study that is in `folder`, or is begun there.
fs::path journal_in(study_folder& folder) {
  auto journal = folder.layout().journal();
  if (!fs::exists(journal)) folder.begin();
  return journal;
}

} // namespace

asked_study::asked_study(const fs::path& folder, const study& s, asked_total total,
                         const listener& say, wall_clock now, std::uint64_t saves_after)
    : now_{std::move(now)},
      folder_{std::make_unique<study_folder>(folder, folder_use::go_on,
                                             folder_patience{patience, say}, "--dir")},
      begun_{begun_as(s)},
      study_{gone_on_with(s, total)},
      scheduler_{made_scheduler()},
      searcher_{std::in_place, make_searcher(study_)},
      journal_{journal_in(*folder_), durability_of(study_)},
      saves_after_{saves_after} {
  const auto file = folder_->layout().study_file();
  if (!fs::exists(file)) write_atomically(file, to_pretty_text(to_json(study_)));
  take_over();
}

asked_study::asked_study(const fs::path& folder, const listener& say, wall_clock now,
                         std::uint64_t saves_after)
    : now_{std::move(now)},
      folder_{take_existing(folder, say)},
      begun_{stored_study(folder_->layout())},
      study_{begun_},
      scheduler_{made_scheduler()},
      searcher_{std::in_place, make_searcher(study_)},
      journal_{folder_->layout().journal(), durability_of(study_)},
      saves_after_{saves_after} {
  take_over();
}

/// Returns what the study in the folder was begun as, if there is one; else `s`.
study asked_study::begun_as(const study& s) const {
  const auto layout = folder_->layout();
  return fs::exists(layout.study_file()) ? stored_study(layout) : s;
}

/// Returns what a study that is to be asked for as `s` goes on with: what was begun, less what may
/// change. Notes where `s` would have it otherwise.
study asked_study::gone_on_with(const study& s, asked_total total) {
  const auto layout = folder_->layout();
  if (!fs::exists(layout.study_file())) return s;
  auto stored = begun_;
  const auto here = as_read(s);
  const auto there = to_json(stored);
  for (const std::string_view key : decisive)
    if (!agree(here, there, key))
      throw std::invalid_argument{
          fmt::format("{} holds a study with another {}; ask with its own study file, {}, or for "
                      "another --dir",
                      layout.root().string(), key, layout.study_file().string())};
  if (total == asked_total::as_asked) stored.num_samples = s.num_samples;
  for (const auto& [key, value] : here)
    if (!agree(here, there, key) &&
        std::ranges::find(changeable_keys, std::string_view{key}) == changeable_keys.end())
      kept_keys_.emplace_back(std::string_view{key});
  stored.max_concurrent = s.max_concurrent;
  stored.per_trial = s.per_trial;
  stored.per_config = s.per_config;
  stored.custom = s.custom;
  return stored;
}

remembered_scheduler asked_study::made_scheduler() {
  return {make_correctable_scheduler(study_),
          [this](trial_number n) -> const config& { return course_->machine().config_of(n); }};
}

/// Makes what a journal can be put through, or what was saved of one can be loaded into.
void asked_study::make_course() {
  holders_ = {};
  view_.emplace(journal_.database(), study_);
  course_.emplace(
      study_, *scheduler_, *searcher_, [this](const event_ptr& e) { record(*e); },
      study_machine::keeps_state::client);
}

void asked_study::record(const event& e) {
  journal_.append(e);
  view_->take(e);
  note(e);
}

/// Its file may say what the study cannot have made, such as the parameters of another space.
void asked_study::restore(const event& e) {
  if (const auto* started = std::get_if<event_kind::study_started>(&e.body)) {
    refuse_if_trained(*started, folder_->layout());
    refuse_if_changed(*started, begun_, folder_->layout());
  }
  follow_event(journal_.database().file(), e, [this](const event& one) { course_->restore(one); });
}

/// Remembers what the study's own machine has no use for.
void asked_study::note(const event& e) {
  over_ = std::holds_alternative<event_kind::study_ended>(e.body);
  holders_.take(e);
}

void asked_study::take_over() {
  make_course();
  const auto saved = take_up_saved();
  journal_reader reader{journal_, saved};
  while (const auto e = reader.next()) {
    restore(*e);
    view_->restore(*e);
    note(*e);
  }
  taken_up_ = saved.last_seq();
  // What is saved grows with the study: as it is written ever less often, an event costs the same.
  const auto restored = reader.check().last_seq() - taken_up_;
  if (restored >= std::max(saves_after_, taken_up_ / 32)) prepare_to_save(reader.check());
  scheduler_->calls().forget();
  searcher_->calls().forget();
  if (course_->machine().last_seq() == 0) course_->begin(now_(), origin_of(study_));
  // Who told of the last trial may have died before the summary was written.
  if (over_) write_summary(folder_->layout(), course_->machine().results());
}

void asked_study::events_after(std::uint64_t seq, const std::function<void(const event&)>& take) {
  auto reader = journal_reader::unchecked(journal_, seq + 1);
  while (const auto e = reader.next())
    take(*e);
}

void asked_study::commit() {
  const auto& machine = course_->machine();
  if (machine.finished() && journal_.has_uncommitted()) course_->end(now_());
  if (journal_.has_uncommitted()) {
    if (const auto saved = std::exchange(to_save_, std::nullopt))
      save_replay(journal_.database(), saved_as(), *saved);
    view_->settle();
    journal_.commit();
  }
  folder_->keep();
  if (over_)
    write_summary(folder_->layout(), course_->machine().results());
  else
    remove_file(folder_->layout().summary()); // of an end that it has gone beyond
}

} // namespace troupe
