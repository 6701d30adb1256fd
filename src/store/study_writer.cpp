#include "store/study_writer.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_text.hpp"
#include "store/files.hpp"
#include "store/results_json.hpp"
#include "store/stored_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

namespace troupe {

namespace {

/// So many trials keep their files open. With up to three descriptors each they stay far below the
/// usual limit of 1024 per process.
constexpr std::size_t max_open_trials = 100;

/// So many events are taken into Optuna's view together: they share the pages that they change.
constexpr std::size_t many_unviewed = 20'000;

template <class... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

} // namespace

study_writer::study_writer(std::unique_ptr<study_folder>&& folder, bool with_trial_files,
                           durability how)
    : layout_{folder->layout()},
      with_trial_files_{with_trial_files},
      journal_{layout_.journal(), how} {
  folder_ = std::move(folder);
}

std::unique_ptr<study_writer> study_writer::begin(std::unique_ptr<study_folder> folder,
                                                  const study& s) {
  folder->begin();
  const auto layout = folder->layout();
  try {
    // The journal comes first: it is what says that the folder is ours.
    auto writer =
        std::make_unique<study_writer>(std::move(folder), writes_trial_files(s), s.durability);
    writer->view_.emplace(writer->journal_.database(), s);
    write_atomically(layout.study_file(), to_pretty_text(to_json(as_written(s))));
    return writer;
  } catch (const std::exception& e) {
    throw folder_error{
        fmt::format("{}: no study can be begun here: {}; make room for it, or choose "
                    "another folder with --out",
                    layout.root().string(), e.what())};
  }
}

void study_writer::write(const event_ptr& e) {
  const written_metrics m{e->body};
  data_.clear();
  append_journal_data(data_, e->body, m);
  journal_.append(*e, data_);
  if (view_) unviewed_.push_back(e);
  write_files(*e, m);
}

void study_writer::write_files(const event& e, const written_metrics& m) {
  using namespace event_kind;
  std::visit(overloaded{
                 [&](const trial_added& added) { add(e.trial.value(), added.config); },
                 [&](const trial_started&) {
                   derive(live(e), [](auto& files) { files.begin_attempt(); });
                 },
                 [&](const trial_reported& report) {
                   auto& t = live(e);
                   derive(t, [&](auto& files) { files.add_report(report, m, e.time_ns); });
                   if (t.files) reported_.push_back(*e.trial);
                 },
                 [&](const trial_failed& failure) {
                   live(e).texts.add_failure(failure.error, e.time_ns);
                   resting_.push_back(*e.trial);
                 },
                 [&](const trial_exploited& taken) {
                   derive(live(e), [&](auto& files) { files.next_config(taken.config); });
                 },
                 [&](const trial_paused&) { resting_.push_back(e.trial.value()); },
                 [&](const trial_held&) { resting_.push_back(e.trial.value()); },
                 [&](const trial_retried&) { take_up_again(e.trial.value()); },
                 [&](const trial_ended&) {
                   live(e).has_ended = true;
                   resting_.push_back(*e.trial);
                 },
                 [](const auto&) {},
             },
             e.body);
}

void study_writer::add(trial_number number, const config& c) {
  const auto folder = layout_.trial(number);
  auto& t = trials_.try_emplace(number, live_trial{trial_texts{folder}, {}}).first->second;
  if (with_trial_files_) attempt(t, [&] { t.files.emplace(folder, number, c); });
}

/// Does what makes files of `t` from events; those that cannot be written are given up.
template <class Action>
void study_writer::attempt(live_trial& t, Action action) {
  try {
    action();
  } catch (const std::runtime_error& e) {
    t.files.reset();
    if (not_derived_.empty()) not_derived_ = e.what();
  }
}

/// The same, if `t` has such files.
template <class Action>
void study_writer::derive(live_trial& t, Action action) {
  if (t.files) attempt(t, [&] { action(*t.files); });
}

study_writer::live_trial& study_writer::live(const event& e) {
  const auto found = trials_.find(e.trial.value());
  if (found == trials_.end())
    throw std::logic_error{
        fmt::format("event {} is about trial {}, which is not under way", e.seq, *e.trial)};
  return found->second;
}

void study_writer::note_open(trial_number number) {
  if (std::ranges::find(open_, number) != open_.end()) return;
  open_.push_back(number);
  if (open_.size() > max_open_trials) close(open_.front());
}

void study_writer::close(trial_number number) {
  std::erase(open_, number);
  const auto found = trials_.find(number);
  if (found == trials_.end()) return;
  found->second.texts.close();
  derive(found->second, [](auto& files) { files.close(); });
}

void study_writer::log(trial_number number, std::string_view line) {
  if (const auto found = trials_.find(number); found != trials_.end()) {
    found->second.texts.add_log(line);
    note_open(number);
  } else {
    // A last word of a trial that has been given up already.
    trial_texts{layout_.trial(number)}.add_log(line);
  }
}

/// Once per trial, however many reports it has made.
void study_writer::flush_files() {
  std::ranges::sort(reported_);
  reported_.erase(std::unique(reported_.begin(), reported_.end()), reported_.end());
  for (const trial_number n : reported_)
    if (const auto found = trials_.find(n); found != trials_.end() && found->second.files) {
      derive(found->second, [](auto& files) { files.flush(); });
      note_open(n);
    }
  reported_.clear();
  for (const trial_number n : std::exchange(resting_, {})) {
    close(n);
    if (const auto found = trials_.find(n); found != trials_.end() && found->second.has_ended)
      trials_.erase(found);
  }
}

std::uint64_t study_writer::commit(const std::function<void(std::uint64_t)>& committed) {
  if (unviewed_.size() >= many_unviewed) update_view();
  journal_.commit();
  if (journal_.last_seq() > 0) folder_->keep();
  if (committed) committed(journal_.last_seq());
  if (std::exchange(past_its_end_, false)) remove_file(layout_.summary());
  flush_files();
  return journal_.last_seq();
}

void study_writer::update_view() {
  if (unviewed_.empty()) return;
  journal_.begin();
  for (const auto& e : unviewed_)
    view_->take(*e);
  view_->settle();
  unviewed_.clear();
}

void study_writer::finish(const study_results& results) {
  update_view();
  commit();
  while (!open_.empty())
    close(open_.front());
  write_atomically(layout_.summary(), summary_text(results));
  if (!not_derived_.empty())
    throw std::runtime_error{fmt::format("{}; the journal has all of it, and `troupe doctor {} "
                                         "--repair` makes such files anew",
                                         not_derived_, layout_.root().string())};
}

} // namespace troupe
