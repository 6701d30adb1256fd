#include "store/study_writer.hpp"

#include "base/json.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/event_json.hpp"
#include "store/results_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <variant>

namespace troupe {

namespace {

/// So many trials keep their files open. With up to three descriptors each they stay far below the
/// usual limit of 1024 per process.
constexpr std::size_t max_open_trials = 100;

template <class... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

} // namespace

study_writer::study_writer(std::unique_ptr<study_folder>&& folder)
    : layout_{folder->layout()},
      journal_{layout_.journal()} {
  folder_ = std::move(folder);
}

std::unique_ptr<study_writer> study_writer::begin(std::unique_ptr<study_folder> folder,
                                                  const study& s) {
  folder->begin();
  const auto layout = folder->layout();
  std::unique_ptr<study_writer> writer;
  try {
    // The journal comes first: it is what says that the folder is ours.
    writer = std::make_unique<study_writer>(std::move(folder));
    write_atomically(layout.study_file(), to_pretty_text(to_json(s)));
    return writer;
  } catch (const std::exception& e) {
    if (writer) folder = std::move(writer->folder_);
    writer.reset();
    folder->clear();
    throw folder_error{
        fmt::format("{}: no study can be begun here: {}; make room for it, or choose "
                    "another folder with --out",
                    layout.root().string(), e.what())};
  }
}

void study_writer::write(const event& e, const checkpoint& c) {
  const auto body = to_json(e.body);
  write_checkpoint_of(e, body, c);
  journal_.append(e, body);
  write_files(e, body);
}

void study_writer::write_checkpoint_of(const event& e, const boost::json::object& body,
                                       const checkpoint& c) {
  const auto* report = std::get_if<event_kind::trial_reported>(&e.body);
  if (!report || !report->checkpoint) return;
  if (!c)
    throw std::logic_error{
        fmt::format("event {} names a checkpoint that it does not bring", e.seq)};
  const auto n = e.trial.value();
  write_checkpoint(layout_.checkpoint(n, *report->checkpoint), c,
                   {{"trial_id", trial_id(n)},
                    {"iteration", report->iteration},
                    {"metrics", body.at("metrics")},
                    {"time_total_s", number(report->total_s)}});
}

void study_writer::write_files(const event& e, const boost::json::object& body) {
  using namespace event_kind;
  std::visit(overloaded{
                 [&](const trial_added& added) {
                   const auto n = e.trial.value();
                   trials_.try_emplace(n, layout_.trial(n), n, added.config);
                 },
                 [&](const trial_started&) { files(e).begin_attempt(); },
                 [&](const trial_reported& report) {
                   files(e).add_report(report, body.at("metrics").as_object(), e.time_ns);
                   note_open(*e.trial);
                 },
                 [&](const trial_failed& failure) {
                   files(e).add_failure(failure.error, e.time_ns);
                   close(*e.trial);
                 },
                 [&](const trial_exploited& taken) { files(e).next_config(taken.config); },
                 [&](const trial_paused&) { close(e.trial.value()); },
                 [&](const trial_ended&) {
                   close(e.trial.value());
                   trials_.erase(*e.trial);
                 },
                 [](const auto&) {},
             },
             e.body);
}

trial_files& study_writer::files(const event& e) {
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
  if (const auto found = trials_.find(number); found != trials_.end()) found->second.close();
}

void study_writer::log(trial_number number, std::string_view line) {
  if (const auto found = trials_.find(number); found != trials_.end()) {
    found->second.add_log(line);
    note_open(number);
  } else {
    // A last word of a trial that has been given up already.
    output_file::append_to(layout_.trial(number) / "log.txt").write(fmt::format("{}\n", line));
  }
}

void study_writer::drop_checkpoints(trial_number number, std::span<const int> checkpoints) {
  for (const int checkpoint : checkpoints)
    doomed_.emplace_back(number, checkpoint);
  if (!has_uncommitted()) remove_doomed();
}

void study_writer::remove_doomed() {
  for (const auto& [number, checkpoint] : doomed_)
    remove_checkpoint(layout_.checkpoint(number, checkpoint));
  doomed_.clear();
}

std::uint64_t study_writer::commit() {
  journal_.commit();
  remove_doomed();
  return journal_.last_seq();
}

void study_writer::finish(const study_results& results) {
  commit();
  while (!open_.empty())
    close(open_.front());
  std::optional<std::string> checkpoint;
  if (results.best)
    if (const auto& best = results.trials.at(*results.best); best.checkpoint)
      checkpoint = study_layout{""}.checkpoint(best.number, *best.checkpoint).string();
  write_atomically(layout_.summary(), to_pretty_text(to_json(results, std::nullopt, checkpoint)));
}

} // namespace troupe
