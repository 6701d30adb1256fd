#include "search/life/config_resources.hpp"
#include "search/life/judging.hpp"
#include "search/life/study_state.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

/// The other half of study_state: what each event changes.
namespace troupe {

namespace {

/// Of those that the journal does not know to be saved only the newest.
void keep_spare(std::vector<checkpoint_mark>& spares, const checkpoint_mark& m) {
  constexpr std::size_t most = 64;
  spares.insert(std::ranges::upper_bound(spares, m.checkpoint, {}, &checkpoint_mark::checkpoint),
                m);
  if (spares.size() > most) spares.erase(spares.begin() + (spares.front().saved ? 1 : 0));
}

} // namespace

void study_state::apply(const event& e) {
  if (e.seq != seq_ + 1)
    throw std::invalid_argument{"event " + std::to_string(e.seq) + " follows event " +
                                std::to_string(seq_)};
  seq_ = e.seq;
  const bool swept = ended_ && std::holds_alternative<event_kind::checkpoint_lost>(e.body);
  ended_ = swept || std::holds_alternative<event_kind::study_ended>(e.body);
  // A clock that is set back takes no time away, and while the study was stopped does not count.
  if (seq_ > 1 && !swept && !std::holds_alternative<event_kind::study_resumed>(e.body))
    wall_ns_ += std::max<std::int64_t>(0, e.time_ns - last_ns_);
  last_ns_ = e.time_ns;
  std::visit([&](const auto& body) { apply(body, e.trial); }, e.body);
}

void study_state::give_back(trial_entry& t) {
  if (!t.borrowed) return;
  const auto ends = std::move(t.borrowed);
  for (const int unneeded : trials_.at(ends->donor).kept->keeper.release(ends->checkpoint))
    drop(ends->donor, unneeded);
}

void study_state::drop(trial_number n, int checkpoint) {
  auto& [keeper, marks, spares] = *trials_.at(n).kept;
  const auto dropped = std::ranges::find(marks, checkpoint, &checkpoint_mark::checkpoint);
  const bool replaced = std::ranges::any_of(
      marks, [&](const checkpoint_mark& m) { return m.saved && m.checkpoint > checkpoint; });
  if (!replaced) keep_spare(spares, *dropped);
  marks.erase(dropped);
  unneeded_.emplace_back(n, checkpoint);
}

void study_state::leave_queue(const trial_entry& t) {
  --(t.summary.state == trial_state::paused ? paused_ : pending_);
}

bool study_state::leave_slot(trial_entry& t) {
  t.lease.reset();
  t.ending.reset();
  return running_.erase(t.summary.number) > 0;
}

trial_entry study_state::new_entry() const {
  return {.summary = {},
          .score = study_.scope == scope::last ? nullptr : std::make_unique<trial_score>(study_)};
}

trial_checkpoints study_state::no_checkpoints() const {
  return {{study_.keep_mode(), study_.keep_best, study_.keep_last}};
}

void study_state::follow_config(trial_entry& t) {
  if (t.request && t.request->resized) return;
  t.request.reset();
  if (study_.per_config.empty()) return;
  t.request = std::make_unique<own_request>();
  try {
    t.request->amount = resources_for(study_, config_of(t.summary.number));
    least_ = least_ ? least_of(*least_, t.request->amount) : t.request->amount;
  } catch (const std::invalid_argument& e) {
    if (keeps_state_ == keeps_state::client) return t.request.reset(); // it trains elsewhere
    t.request->problem = e.what();
  }
}

void study_state::apply(const event_kind::trial_added& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.emplace_back(new_entry());
  t.summary.number = n.value();
  t.summary.config = e.config;
  t.known = e.known;
  follow_config(t);
  ++pending_;
  if (!e.by || e.within) return;
  ++added_;
  ++total_;
}

void study_state::apply(const event_kind::trial_started& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  leave_queue(t);
  t.attempt = e.attempt;
  t.lease = std::make_unique<lease>(e.lease);
  t.summary.state = trial_state::running;
  t.summary.reason.clear();
  t.summary.reason_kind = {};
  t.reported = false;
  t.retried = false;
  if (!std::exchange(t.repeats, false)) {
    t.summary.iterations = t.resume_iteration;
    t.summary.wall_s = t.resume_s;
  }
  t.reached = e.from_iteration;
  t.reached_s = t.resume_s;
  if (t.next_config) t.new_config = std::move(t.next_config);
  running_.insert(*n);
  returning_.erase(*n);
}

void study_state::apply(const event_kind::trial_reported& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  t.last_time = automatic_metric(time_attr_, e.iteration, e.total_s)
                    .value_or(value_in(e.metrics, time_attr_));
  if (t.new_config) t.summary.config = std::move(*std::exchange(t.new_config, nullptr));
  t.reported = true;
  t.reached = e.iteration;
  t.reached_s = e.total_s;
  t.summary.iterations = e.iteration;
  t.summary.last = e.metrics;
  t.summary.wall_s = e.total_s;
  t.summary.checkpoint = e.checkpoint;
  if (!t.known && !stoppers_.empty()) ask_stoppers(t, e);
  if (keeps_state_ == keeps_state::client) {
    t.resume_iteration = e.iteration;
    t.resume_s = e.total_s;
  }
  if (e.checkpoint)
    take_checkpoint(*n, *e.checkpoint, e.iteration, e.total_s, kept_value(e.metrics));
  if (t.score) rate(t, e);
}

void study_state::ask_stoppers(trial_entry& t, const event_kind::trial_reported& e) {
  t.stopper.reset();
  const trial_number n = t.summary.number;
  const resources used{t.lease->cpu, t.lease->gpu, t.lease->memory_gb, request_of(n).custom};
  for (const auto& each : stoppers_) // all of them see all reports of the study's own
    if (auto why = each->report({n, e.iteration, e.metrics, e.iteration_s, used});
        !why.empty() && !t.stopper)
      t.stopper = std::make_unique<cause>(std::move(why), reason_kind::stopper);
}

void study_state::rate(trial_entry& t, const event_kind::trial_reported& e) {
  const bool stays = e.checkpoint || keeps_state_ == keeps_state::client;
  if (t.score->report(study_, e.metrics, stays) && study_.scope == scope::all) {
    t.summary.best_report =
        std::make_shared<const past_report>(past_report{e.iteration, e.metrics, t.summary.config});
    pin_last(t);
  }
  t.summary.score = t.score->value();
}

void study_state::pin_last(trial_entry& t) {
  if (!t.kept) return;
  for (const int unneeded : t.kept->keeper.pin_last())
    drop(t.summary.number, unneeded);
}

double study_state::kept_value(const metrics& m) const {
  return value_in(m, study_.keep_metric());
}

void study_state::take_checkpoint(trial_number n, int checkpoint, int iteration, double total_s,
                                  double value) {
  trial_entry& t = trials_.at(n);
  const bool saved = keeps_state_ != keeps_state::checkpoints;
  if (!t.kept) t.kept = std::make_unique<trial_checkpoints>(no_checkpoints());
  t.kept->marks.push_back({checkpoint, iteration, total_s, saved, value});
  for (const int unneeded : t.kept->keeper.add(checkpoint, value))
    drop(n, unneeded);
  if (saved) give_back(t);
  t.summary.best_checkpoint = t.kept->keeper.best();
  t.checkpoints = checkpoint + 1;
  t.resume_iteration = iteration;
  t.resume_s = total_s;
  t.resume_checkpoint = checkpoint;
}

void study_state::apply(const event_kind::trial_decided& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (e.dropped || e.becomes == trial_state::running) return;
  t.ending = std::make_unique<planned_end>(planned_end{e.becomes, {e.reason, e.reason_kind}});
}

void study_state::apply(const event_kind::trial_failed& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (e.counts) ++t.failures;
  t.repeats = false;
  if (!e.retry) return; // trial_ended follows
  if (t.score) t.score->retry();
  if (t.summary.score) t.summary.score = t.score->value();
  t.retried = e.counts;
  leave_slot(t);
  t.summary.state = trial_state::pending;
  t.summary.reason = e.error;
  t.summary.reason_kind = e.reason_kind;
  ++pending_;
}

void study_state::apply(const event_kind::trial_paused& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  leave_slot(t);
  t.summary.state = trial_state::paused;
  t.summary.reason = e.reason;
  ++paused_;
}

void study_state::apply(const event_kind::trial_exploited& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (e.donor != *n) {
    give_back(t);
    t.resume_checkpoint.reset();
    t.borrowed =
        std::make_unique<loan>(loan{e.donor, e.checkpoint, e.iteration, e.total_s, t.checkpoints});
    t.repeats = false; // what it reports from there is new
    trials_.at(e.donor).kept->keeper.lend(e.checkpoint);
  }
  t.resume_iteration = e.iteration;
  t.resume_s = e.total_s;
  t.next_config = std::make_unique<config>(e.config);
  follow_config(t);
}

void study_state::apply(const event_kind::trial_resized& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  t.request = std::make_unique<own_request>(own_request{e.request, true, {}});
}

void study_state::apply(const event_kind::trial_ended& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (!leave_slot(t)) leave_queue(t);
  returning_.erase(*n);
  if (e.state != trial_state::interrupted) give_back(t); // that one may be taken up again
  t.summary.state = e.state;
  t.summary.reason = e.reason;
  t.summary.reason_kind = e.reason_kind;
}

void study_state::apply(const event_kind::study_stopping& e, std::optional<trial_number>) {
  winding_up_ = e.reason;
  ends_for_good_ = e.running_become != trial_state::interrupted;
  for (const trial_number n : running_) {
    trial_entry& t = trials_[n];
    // One that was about to pause may be gone on with after an interruption; after an end it has
    // nothing to come back to.
    if (t.is_ending() &&
        (!t.becomes(trial_state::paused) || e.running_become == trial_state::interrupted))
      continue;
    t.ending =
        std::make_unique<planned_end>(planned_end{e.running_become, {e.reason, e.reason_kind}});
  }
}

void study_state::apply(const event_kind::checkpoint_saved& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (!t.kept) return;
  for (auto* each : {&t.kept->marks, &t.kept->spares})
    for (checkpoint_mark& m : *each)
      if (m.checkpoint == e.checkpoint) m.saved = true;
  std::erase_if(t.kept->spares,
                [&](const checkpoint_mark& m) { return m.checkpoint < e.checkpoint; });
  if (t.borrowed && e.checkpoint >= t.borrowed->first_own) give_back(t);
}

} // namespace troupe
