#include "store/cleaning.hpp"

#include "base/clock.hpp"
#include "base/count_text.hpp"
#include "search/life/judging.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/results_json.hpp"
#include "store/stored_study.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns how many bytes the files at and below `path` have.
std::uintmax_t bytes_in(const fs::path& path) {
  if (!fs::exists(path)) return 0;
  if (!fs::is_directory(path)) return fs::file_size(path);
  std::uintmax_t all = 0;
  for (const auto& entry : fs::recursive_directory_iterator{path})
    if (entry.is_regular_file() && !entry.is_symlink()) all += entry.file_size();
  return all;
}

/// Throws unless a study is in its place.
study_layout checked(study_layout layout) {
  if (existing_journal(layout) != layout.journal())
    throw folder_error{fmt::format("{}: the process that was to replace this study has died; "
                                   "`troupe doctor --repair` puts it back",
                                   layout.root().string())};
  return layout;
}

} // namespace

cleaning::cleaning(study_layout layout, std::size_t keep_best)
    : layout_{checked(std::move(layout))},
      study_{stored_study(layout_)} {
  follow_events();
  try {
    find_leftovers();
    sort_out(keep_best);
  } catch (const fs::filesystem_error& e) {
    throw folder_error{
        fmt::format("{}: cannot be looked into: {}", layout_.root().string(), e.what())};
  }
}

void cleaning::follow_events() {
  journal_reader reader{layout_.journal()};
  while (const auto e = reader.next()) {
    if (const auto* started = std::get_if<event_kind::study_started>(&e->body)) {
      refuse_another(*started);
      machine_.emplace(
          study_, [this](const event_ptr& said) { said_.push_back(said); },
          trains_itself(*started, study_) ? study_machine::keeps_state::checkpoints
                                          : study_machine::keeps_state::client);
    }
    follow_event(layout_.journal(), *e, [this](const event& one) { machine_.value().apply(one); });
    was_cleaned_ = std::holds_alternative<event_kind::checkpoint_lost>(e->body);
  }
  if (!machine_)
    throw folder_error{fmt::format("{} holds a study that was cut off before it began; `troupe "
                                   "doctor --repair` removes what there is of it",
                                   layout_.root().string())};
}

/// By another study's file other trials would be the best.
void cleaning::refuse_another(const event_kind::study_started& started) const {
  refuse_if_changed(started, study_, layout_);
  if (is_of(started, study_)) return;
  throw folder_error{
      fmt::format("{} is another study's than {}: put back the study.json that study.db belongs to",
                  layout_.study_file().string(), layout_.journal().string())};
}

// -- what goes, and what stays --------------------------------------------------------------------

void cleaning::find_leftovers() {
  diagnosis d;
  examine_unneeded(layout_, *machine_, d);
  examine_leftovers(layout_, machine_->next_number(), d);
  for (auto& f : d.findings)
    if (f.repair)
      goes_.push_back({f.where, bytes_in(f.where), std::move(f.what), std::move(f.repair)});
}

void cleaning::sort_out(std::size_t keep_best) {
  if (!machine_->has_ended()) return keep_all();
  const auto all = machine_->results();
  for (const trial_number n : ranked(study_, all.trials))
    if (best_.size() < keep_best) best_.emplace(n, best_.size() + 1);
  if (keep_best > 0)
    for (const trial_number n : all.pareto_front)
      best_.emplace(n, 0);

  borrowers lent;
  for (trial_number n = 0; n < machine_->next_number(); ++n)
    if (const auto from = machine_->borrowed_by(n)) lent.emplace(*from, n);
  for (trial_number n = 0; n < machine_->next_number(); ++n)
    sort_out(n, lent);
}

/// What goes on may need any of them, or end with others as the best.
void cleaning::keep_all() {
  remainder all{"all trials", 0, 0,
                "the study has not ended; `troupe resume` goes on with it, from them"};
  for (trial_number n = 0; n < machine_->next_number(); ++n) {
    const auto some = remainder_of(n, {});
    all.checkpoints += some.checkpoints;
    all.bytes += some.bytes;
  }
  if (all.checkpoints > 0) stays_.push_back(std::move(all));
}

cleaning::remainder cleaning::remainder_of(trial_number n, std::string why) const {
  remainder all{"trial " + trial_id(n), 0, 0, std::move(why)};
  for (const int number : machine_->checkpoints_of(n)) {
    const auto folder = layout_.checkpoint(n, number);
    if (!fs::exists(folder)) continue;
    ++all.checkpoints;
    all.bytes += bytes_in(folder);
  }
  return all;
}

/// Returns why all checkpoints of trial `n` stay; empty if they need not.
std::string cleaning::reason_to_stay(trial_number n) const {
  const auto state = machine_->state_of(n);
  if (!is_final(state) || state == trial_state::interrupted)
    return fmt::format("is {}: `troupe resume` goes on from there", to_string(state));
  if (state == trial_state::failed)
    return "has failed: `troupe resume --retry-failed` goes on from there";
  const auto found = best_.find(n);
  if (found == best_.end()) return {};
  if (found->second == 0) return "is in the Pareto front";
  return found->second == 1 ? "is the best trial"
                            : fmt::format("is number {} of the best trials", found->second);
}

void cleaning::sort_out(trial_number n, const borrowers& lent) {
  if (auto why = reason_to_stay(n); !why.empty()) {
    auto all = remainder_of(n, std::move(why));
    if (all.checkpoints > 0) stays_.push_back(std::move(all));
    return;
  }
  for (const int number : machine_->checkpoints_of(n)) {
    const auto folder = layout_.checkpoint(n, number);
    if (!machine_->has_saved(n, number) && !fs::exists(folder)) continue;
    const auto bytes = bytes_in(folder);
    if (const auto taker = lent.find({n, number}); taker != lent.end()) {
      stays_.push_back({"trial " + trial_id(n), 1, bytes,
                        fmt::format("is where trial {} goes on from", trial_id(taker->second))});
      continue;
    }
    lost_.emplace_back(n, number);
    goes_.push_back(
        {folder, bytes,
         fmt::format("its trial is {}, and not among the best", to_string(machine_->state_of(n))),
         [folder] { remove_checkpoint(folder); }});
  }
}

// -- it goes --------------------------------------------------------------------------------------

void cleaning::carry_out(study_folder& folder) {
  if (!lost_.empty()) record_losses(folder);
  // An earlier cleaning may have died before this.
  if (machine_->has_ended() && (was_cleaned_ || !lost_.empty())) {
    const auto all = machine_->results();
    write_summary(layout_, all, tested_before(layout_, all));
  }
  for (const auto& each : goes_)
    each.remove();
}

void cleaning::record_losses(study_folder& folder) {
  journal_writer journal{layout_.journal()};
  optuna_view view{journal.database(), study_};
  for (const auto& [n, number] : lost_)
    machine_->lost(n, number, unix_ns());
  for (const auto& e : said_) {
    journal.append(*e);
    view.take(*e);
  }
  view.settle();
  journal.commit();
  folder.keep();
}

} // namespace troupe
