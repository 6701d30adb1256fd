#include "store/asked_study.hpp"

#include "base/json.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/results_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Others have the folder for milliseconds, unless `run` has it.
constexpr auto patience = std::chrono::seconds{10};

std::unique_ptr<study_folder> take_existing(const fs::path& folder) {
  const study_layout layout{folder};
  if (!fs::exists(present_journal(layout)))
    throw folder_error{folder.string() + " holds no study: there is no " +
                       layout.journal().string() + "; `troupe ask` begins one"};
  return std::make_unique<study_folder>(folder, folder_use::go_on, patience, "DIR");
}

/// Each call is one answer to one asker: there is nothing to gather for a group.
durability durability_of(const study& s) {
  return s.durability == durability::off ? durability::off : durability::sync;
}

/// Returns the journal of the study that is in `folder`, or is begun there.
fs::path journal_in(study_folder& folder) {
  auto journal = folder.layout().journal();
  if (!fs::exists(journal)) folder.begin();
  return journal;
}

/// Reads what a study was begun with: faults in there are damage.
study stored_study(const study_layout& layout) {
  try {
    return read_study(layout.study_file());
  } catch (const invalid_study& e) {
    throw folder_error{fmt::format("{}; the study in {} is damaged: restore {} from a copy",
                                   e.what(), layout.root().string(), layout.study_file().string())};
  }
}

/// The journal decides by these; the rest may change from one call to the next.
void refuse_another(const study_layout& layout, const study& begun, const study& asked) {
  const auto here = to_json(asked);
  const auto there = to_json(begun);
  for (const char* key : {"space", "metric", "mode", "constraints", "searcher", "scheduler", "seed",
                          "points_to_evaluate", "constant_grid_search", "stop", "max_failures"}) {
    const auto* a = here.if_contains(key);
    const auto* b = there.if_contains(key);
    if (a && b ? *a != *b : a != b)
      throw std::invalid_argument{
          fmt::format("{} holds a study with another {}; ask with its own study file, {}, or for "
                      "another --dir",
                      layout.root().string(), key, layout.study_file().string())};
  }
}

/// Returns study `s` as it is asked for in a folder, which may have it already.
study as_it_goes_on(const study_layout& layout, study s, asked_total total) {
  if (!fs::exists(layout.study_file())) return s;
  const auto begun = stored_study(layout);
  refuse_another(layout, begun, s);
  if (total == asked_total::as_begun) s.num_samples = begun.num_samples;
  return s;
}

bool holds(const fs::path& file, std::string_view text) {
  return fs::exists(file) && std::ranges::equal(read_bytes(file), std::as_bytes(std::span{text}));
}

} // namespace

asked_study::asked_study(const fs::path& folder, const study& s, asked_total total, wall_clock now)
    : now_{std::move(now)},
      folder_{std::make_unique<study_folder>(folder, folder_use::go_on, patience, "--dir")},
      study_{as_it_goes_on(folder_->layout(), s, total)},
      scheduler_{make_correctable_scheduler(study_)},
      searcher_{make_searcher(study_)},
      journal_{journal_in(*folder_), durability_of(study_)},
      course_{study_, *scheduler_, *searcher_, [this](const event_ptr& e) { record(*e); },
              study_machine::keeps_state::client} {
  const auto file = folder_->layout().study_file();
  if (!fs::exists(file)) write_atomically(file, to_pretty_text(to_json(study_)));
  take_over();
}

asked_study::asked_study(const fs::path& folder, wall_clock now)
    : now_{std::move(now)},
      folder_{take_existing(folder)},
      study_{stored_study(folder_->layout())},
      scheduler_{make_correctable_scheduler(study_)},
      searcher_{make_searcher(study_)},
      journal_{folder_->layout().journal(), durability_of(study_)},
      course_{study_, *scheduler_, *searcher_, [this](const event_ptr& e) { record(*e); },
              study_machine::keeps_state::client} {
  take_over();
}

void asked_study::record(const event& e) {
  journal_.append(e);
  view_->take(e);
  note(e);
}

/// Its file may say what the study cannot have made, such as the parameters of another space.
void asked_study::restore(const event& e) {
  if (const auto* started = std::get_if<event_kind::study_started>(&e.body);
      started && started->trains)
    throw folder_error{
        fmt::format("{} holds a study of `troupe run`, which trains its trials itself; "
                    "ask in another folder",
                    folder_->layout().root().string())};
  try {
    course_.restore(e);
  } catch (const std::logic_error& problem) {
    throw journal_error{fmt::format("{}: event {}: {}", folder_->layout().journal().string(), e.seq,
                                    problem.what())};
  }
}

/// Remembers what the study's own machine has no use for.
void asked_study::note(const event& e) {
  over_ = std::holds_alternative<event_kind::study_ended>(e.body);
  holders_.take(e);
}

void asked_study::take_over() {
  view_.emplace(journal_.database(), study_);
  auto reader = journal_reader{folder_->layout().journal()};
  while (const auto e = reader.next()) {
    restore(*e);
    view_->restore(*e);
    note(*e);
  }
  if (course_.machine().last_seq() == 0) course_.begin(now_());
  // Who told of the last trial may have died before the summary was written.
  if (over_) write_summary();
}

void asked_study::commit() {
  const auto& machine = course_.machine();
  if (machine.finished() && journal_.has_uncommitted()) course_.end(now_());
  if (journal_.has_uncommitted()) {
    view_->settle();
    journal_.commit();
  }
  folder_->keep();
  if (over_)
    write_summary();
  else
    remove_file(folder_->layout().summary()); // of an end that it has gone beyond
}

void asked_study::write_summary() {
  const auto file = folder_->layout().summary();
  const auto text = summary_text(course_.machine().results());
  if (!holds(file, text)) write_atomically(file, text);
}

} // namespace troupe
