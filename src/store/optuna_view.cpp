#include "store/optuna_view.hpp"

#include "base/json.hpp"
#include "search/life/judging.hpp"
#include "store/journal.hpp"
#include "store/optuna_ending.hpp"
#include "store/optuna_schema.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view reason_key = "reason";

/// Rows of the journal's table `meta`: the study_id of the study in Optuna's tables, and the last
/// event that these have.
constexpr std::string_view study_row = "optuna_study";
constexpr std::string_view seq_row = "optuna_seq";

std::optional<std::int64_t> meta(sqlite::database& db, std::string_view key) {
  return db.select_integer(
      fmt::format("SELECT CAST(value AS INTEGER) FROM meta WHERE key = '{}'", key));
}

std::string device_names(const lease& l) {
  std::string names;
  for (const int gpu : l.gpus)
    names += fmt::format("{}cuda:{}", names.empty() ? "" : ", ", gpu);
  return names;
}

} // namespace

// -- the view comes into being -------------------------------------------------------------------

optuna_view::optuna_view(sqlite::database& db, const study& s) : study_{s} {
  for (const auto& e : study_.space.entries()) {
    const auto* c = e.when.empty() ? std::get_if<constant>(&e.domain) : nullptr;
    parameters_.push_back({e.path, fmt::format("param:{}", e.path),
                           optuna_distribution::of(e.domain), c ? &c->value : nullptr});
  }
  open(db);
  settle_.emplace(db, fmt::format("UPDATE meta SET value = ?1 WHERE key = '{}'", seq_row));
  catch_up(db);
}

/// Finds the study in Optuna's tables; makes it if it is not there, or not any more.
void optuna_view::open(sqlite::database& db) {
  auto id = meta(db, study_row);
  if (id && !db.select_integer(fmt::format("SELECT 1 FROM studies WHERE study_id = {}", *id)))
    id = {};
  if (!id) {
    sqlite::transaction change{db};
    create_optuna_tables(db);
    id = add_optuna_study(db, study_);
    db.execute(fmt::format("DELETE FROM optuna_trials; INSERT OR REPLACE INTO meta VALUES('{}', "
                           "'{}'), ('{}', '0')",
                           study_row, *id, seq_row));
    change.commit();
  }
  seq_ = static_cast<std::uint64_t>(meta(db, seq_row).value_or(0));
  rows_.emplace(db, *id);
}

void optuna_view::catch_up(sqlite::database& db) {
  const auto last = db.select_integer("SELECT max(seq) FROM events").value_or(0);
  if (static_cast<std::uint64_t>(last) <= seq_) return;
  catching_up_ = true;
  sqlite::transaction change{db};
  auto reader = journal_reader::unchecked(db.file());
  while (const auto e = reader.next())
    e->seq <= seq_ ? restore(*e) : take(*e);
  settle();
  change.commit();
  catching_up_ = false;
  live_.clear();
  study_end_.clear();
}

void optuna_view::write_anew(sqlite::database& db) {
  db.execute(fmt::format("UPDATE meta SET value = '0' WHERE key = '{}'", seq_row));
}

void optuna_view::settle() {
  const auto text = std::to_string(seq_);
  settle_->bind(1, std::string_view{text}).run();
}

// -- what is written -----------------------------------------------------------------------------

void optuna_view::take(const event& e) {
  if (e.trial) std::visit([&](const auto& body) { write(body, *e.trial, e.time_ns); }, e.body);
  restore(e);
  seq_ = e.seq;
}

void optuna_view::write(const event_kind::trial_added& e, trial_number n, std::int64_t) {
  // The events that are caught up with may have been written before a settle() that never came.
  auto& id = live_[n].id;
  id = catching_up_ ? rows_->find(n) : std::nullopt;
  if (id) rows_->begin_again(*id);
  if (!id && e.optuna_trial && rows_->adopt(n, *e.optuna_trial)) {
    id = e.optuna_trial;
    write_text(*id, "id", trial_id(n));
  }
  write_parameters(id_of(n), e.config, catching_up_);
}

void optuna_view::write(const event_kind::trial_started& e, trial_number n, std::int64_t time_ns) {
  const auto id = id_of(n);
  rows_->run(id, time_ns);
  if (live_[n].has_reason) rows_->remove_attribute(id, reason_key);
  if (e.attempt > 1) rows_->set_attribute(id, "attempt", std::to_string(e.attempt));
  if (!e.lease.gpus.empty()) write_text(id, "device", device_names(e.lease));
  if (e.client) write_text(id, "client", *e.client);
}

void optuna_view::write(const event_kind::trial_reported& e, trial_number n, std::int64_t) {
  const auto id = id_of(n);
  if (const auto& changed = live_[n].new_config) write_parameters(id, *changed, true);
  if (const double* value = e.metrics.find(study_.metric))
    rows_->set_report(id, e.iteration, *value);
}

void optuna_view::write(const event_kind::trial_failed& e, trial_number n, std::int64_t) {
  if (e.retry) write_text(id_of(n), reason_key, e.error);
}

void optuna_view::write(const event_kind::trial_paused& e, trial_number n, std::int64_t) {
  write_text(id_of(n), reason_key, e.reason);
}

void optuna_view::write(const event_kind::trial_ended& e, trial_number n, std::int64_t time_ns) {
  const auto id = id_of(n);
  const auto& t = live_[n];
  if (!e.reason.empty())
    write_text(id, reason_key, e.reason);
  else if (t.has_reason)
    rows_->remove_attribute(id, reason_key);
  const auto ending =
      optuna_ending_of(study_, {e.state, e.reason, e.reason_kind, t.last, t.diverged}, study_end_);
  if (!ending) return;
  rows_->end(id, ending->state, time_ns);
  // Another program may have taken it for one that waits for anybody, and given it some.
  if (ending->values.empty()) rows_->remove_values(id);
  int objective = 0;
  for (const double value : ending->values)
    rows_->set_value(id, objective++, value);
  if (!ending->constraints.empty()) rows_->set_constraints(id, ending->constraints);
  for (const auto& [name, value] : ending->others)
    rows_->set_attribute(id, fmt::format("metric:{}", name), to_text(number(value)));
  // Optuna knows no intermediate values where there are several objectives, and its samplers
  // stumble over a pruned trial that has some.
  if (ending->state == "PRUNED" && !study_.further_objectives.empty()) rows_->remove_reports(id);
}

void optuna_view::write_parameters(std::int64_t id, const config& c, bool anew) {
  for (const auto& p : parameters_) {
    const auto* v = troupe::find(c, p.path);
    const auto x = v && p.distribution ? p.distribution->number_of(*v) : std::nullopt;
    const bool is_attribute = v && !x && !(p.constant && same_value(*p.constant, *v));
    if (x)
      rows_->set_parameter(id, p.path, *x, p.distribution->text());
    else if (anew)
      rows_->remove_parameter(id, p.path);
    if (is_attribute)
      rows_->set_attribute(id, p.attribute, to_text(*v));
    else if (anew)
      rows_->remove_attribute(id, p.attribute);
  }
  for (const auto& [name, v] : c) // what a function has asked for, say
    if (!study_.space.holds(name))
      rows_->set_attribute(id, fmt::format("param:{}", std::string_view{name}), to_text(v));
}

void optuna_view::write_text(std::int64_t id, std::string_view key, std::string_view text) {
  rows_->set_attribute(id, key, to_text(json::value(text)));
}

/// Returns the trial_id of trial `n`, which is made if it is not there: a program that deletes a
/// trial must not be able to end the study.
std::int64_t optuna_view::id_of(trial_number n) {
  auto& t = live_[n];
  if (!t.id) t.id = rows_->find(n);
  if (!t.id) {
    t.id = rows_->add(n);
    write_text(*t.id, "id", trial_id(n));
  }
  return *t.id;
}

// -- what is remembered --------------------------------------------------------------------------

void optuna_view::restore(const event& e) {
  if (const auto* stopping = std::get_if<event_kind::study_stopping>(&e.body);
      stopping && stopping->running_become == trial_state::stopped)
    study_end_ = stopping->reason;
  if (std::holds_alternative<event_kind::study_resumed>(e.body)) study_end_.clear();
  if (!e.trial) return;
  const auto* ended = std::get_if<event_kind::trial_ended>(&e.body);
  if (ended && ended->state != trial_state::interrupted) { // that one may be taken up again
    live_.erase(*e.trial);
    return;
  }
  auto& t = live_[*e.trial];
  std::visit([&](const auto& body) { remember(body, t); }, e.body);
}

void optuna_view::remember(const event_kind::trial_started&, live_trial& t) {
  t.has_reason = false;
  t.diverged = false;
  if (t.next_config) t.new_config = std::exchange(t.next_config, std::nullopt);
}

void optuna_view::remember(const event_kind::trial_reported& e, live_trial& t) {
  t.last = e.metrics;
  t.new_config.reset();
}

/// It may report once more before it ends, so that its last report does not tell.
void optuna_view::remember(const event_kind::trial_decided& e, live_trial& t) {
  if (!e.dropped && e.becomes == trial_state::stopped && !diverged_metric(study_, t.last).empty())
    t.diverged = true;
}

void optuna_view::remember(const event_kind::trial_failed& e, live_trial& t) {
  t.has_reason = t.has_reason || e.retry;
}

void optuna_view::remember(const event_kind::trial_paused&, live_trial& t) {
  t.has_reason = true;
}

void optuna_view::remember(const event_kind::trial_exploited& e, live_trial& t) {
  t.next_config = e.config;
}

} // namespace troupe
