#include "store/asked_study.hpp"

#include "base/clock.hpp"
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

bool holds(const fs::path& file, std::string_view text) {
  return fs::exists(file) && std::ranges::equal(read_bytes(file), std::as_bytes(std::span{text}));
}

} // namespace

asked_study::asked_study(const fs::path& folder, const study& s)
    : folder_{std::make_unique<study_folder>(folder, folder_use::go_on, patience, "--dir")},
      study_{s},
      scheduler_{make_correctable_scheduler(s)},
      searcher_{make_searcher(s)},
      journal_{journal_in(*folder_), durability_of(s)},
      course_{s, *scheduler_, *searcher_, [this](const event_ptr& e) { record(*e); },
              study_machine::keeps_state::client} {
  const auto file = folder_->layout().study_file();
  if (fs::exists(file))
    check_same(stored_study(folder_->layout()));
  else
    write_atomically(file, to_pretty_text(to_json(s)));
  take_over();
}

asked_study::asked_study(const fs::path& folder)
    : folder_{take_existing(folder)},
      study_{stored_study(folder_->layout())},
      scheduler_{make_correctable_scheduler(study_)},
      searcher_{make_searcher(study_)},
      journal_{folder_->layout().journal(), durability_of(study_)},
      course_{study_, *scheduler_, *searcher_, [this](const event_ptr& e) { record(*e); },
              study_machine::keeps_state::client} {
  take_over();
}

/// The journal decides by these; the rest may change from one call to the next.
void asked_study::check_same(const study& s) const {
  const auto here = to_json(study_);
  const auto there = to_json(s);
  for (const char* key : {"space", "metric", "mode", "constraints", "searcher", "scheduler", "seed",
                          "points_to_evaluate", "constant_grid_search", "stop", "max_failures"}) {
    const auto* a = here.if_contains(key);
    const auto* b = there.if_contains(key);
    if (a && b ? *a != *b : a != b)
      throw std::invalid_argument{fmt::format(
          "{} holds a study with another {}; ask with its own study file, {}, or for "
          "another --dir",
          folder_->layout().root().string(), key, folder_->layout().study_file().string())};
  }
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
  if (!e.trial) return;
  clients_.resize(std::max<std::size_t>(clients_.size(), *e.trial + 1U));
  heard_ns_.resize(clients_.size());
  heard_ns_[*e.trial] = e.time_ns;
  if (const auto* started = std::get_if<event_kind::trial_started>(&e.body)) {
    clients_[*e.trial] = started->client;
    leases_ = std::max(leases_, started->lease.id);
  }
}

void asked_study::take_over() {
  view_.emplace(journal_.database(), study_);
  journal_reader reader{journal_};
  while (const auto e = reader.next()) {
    restore(*e);
    view_->restore(*e);
    note(*e);
  }
  if (course_.machine().last_seq() == 0) course_.begin(unix_ns());
  // Who told of the last trial may have died before the summary was written.
  if (over_) write_summary();
}

asked_study::answer asked_study::ask(const std::optional<std::string>& client) {
  const auto& machine = course_.machine();
  if (client)
    for (const trial_number n : machine.running_trials())
      if (clients_[n] == client) return trial{n, machine.config_of(n), machine.iterations_of(n)};
  const lease l{
      leases_ + 1, study_.per_trial.cpu, study_.per_trial.gpu, study_.per_trial.memory_gb, {}};
  const auto started = course_.place(l, unix_ns(), client);
  commit();
  if (started) {
    taken_ = started->number;
    return trial{started->number, machine.config_of(started->number),
                 started->order.from_iteration};
  }
  if (machine.finished() || machine.winding_up() || (machine.all_placed() && !may_come_back()))
    return exhausted{};
  return not_now{};
}

void asked_study::give_back() {
  if (const auto n = std::exchange(taken_, std::nullopt)) {
    course_.put_back(*n, running(*n), "the answer could not be given to whoever asked", unix_ns());
    commit();
  }
}

/// Returns whether a trial that runs may be asked for again.
bool asked_study::may_come_back() const {
  return study_.max_failures > 0 || course_.machine().may_pause();
}

void asked_study::tell(trial_number n, const std::vector<double>& values) {
  const int attempt = running(n);
  course_.finish(n, attempt, named(values), seconds_since_last(n), unix_ns());
  commit();
}

asked_study::decided asked_study::tell_step(trial_number n, const std::vector<double>& values,
                                            int step) {
  const int attempt = running(n);
  const int last = course_.machine().iterations_of(n);
  if (step <= last)
    throw std::invalid_argument{fmt::format("trial {} has reported step {} already; --step must be "
                                            "above {}, found {}",
                                            trial_id(n), last, last, step)};
  const auto a =
      course_.report(n, attempt, named(values), false, seconds_since_last(n), unix_ns(), step);
  // Whoever trains it has let go of it by the time it knows.
  if (a.verdict != verdict::proceed) course_.exited(n, attempt, std::nullopt, unix_ns());
  commit();
  return {a.verdict, a.reason};
}

bool asked_study::fail(trial_number n, const std::string& why) {
  const auto kind = course_.exited(n, running(n), why, unix_ns());
  commit();
  return kind == study_machine::exit_kind::retried;
}

/// Returns the attempt that trial `n` runs.
int asked_study::running(trial_number n) const {
  const auto& machine = course_.machine();
  if (n >= machine.next_number())
    throw std::invalid_argument{
        fmt::format("there is no trial {}; the study has {}", trial_id(n), machine.next_number())};
  if (const auto state = machine.state_of(n); state != trial_state::running)
    throw std::invalid_argument{
        fmt::format("trial {} does not run: it is {}", trial_id(n), to_string(state))};
  return machine.attempt_of(n);
}

metrics asked_study::named(const std::vector<double>& values) const {
  std::vector<std::string> names;
  for (const auto& o : study_.objectives())
    names.push_back(o.metric);
  names.insert(names.end(), study_.constraints.begin(), study_.constraints.end());
  if (values.size() != names.size())
    throw std::invalid_argument{fmt::format("the study wants {} value{}, for {}; found {}",
                                            names.size(), names.size() == 1 ? "" : "s",
                                            fmt::join(names, ", "), values.size())};
  metrics m;
  for (std::size_t i = 0; i < values.size(); ++i)
    m.set(names[i], values[i]);
  return m;
}

double asked_study::seconds_since_last(trial_number n) const {
  return static_cast<double>(std::max<std::int64_t>(0, unix_ns() - heard_ns_.at(n))) * 1e-9;
}

void asked_study::commit() {
  const auto& machine = course_.machine();
  if (machine.finished() && journal_.has_uncommitted()) course_.end(unix_ns());
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
