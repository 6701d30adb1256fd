#include "cli/view_state.hpp"

#include "base/count_text.hpp"
#include "base/seconds.hpp"
#include "cli/longest_trial.hpp"
#include "search/life/judging.hpp"
#include "views/text.hpp"
#include "views/varying_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

namespace troupe {
namespace {

constexpr int value_digits = 3;
constexpr int value_columns = 16;
constexpr int name_columns = 24;

std::chrono::nanoseconds time_of(const event& e) {
  return std::chrono::nanoseconds{e.time_ns};
}

} // namespace

view_state::view_state(const study& s)
    : study_{s},
      name_{s.name},
      metric_{s.metric},
      mode_{s.mode},
      total_{number_of_trials(s)},
      varying_{varying_parameters(s.space)},
      unsaved_{s} {
  limit(limits_of(s));
}

void view_state::apply(const event& e) {
  std::visit([&](const auto& body) { on(body, e); }, e.body);
  last_ = time_of(e);
  note_best(last_);
}

void view_state::note_best(time now) {
  auto b = best();
  if (b && (!known_best_ || b->value != known_best_->value))
    change_ = best_change{now, known_best_ ? std::optional{known_best_->value} : std::nullopt};
  if (!b) change_.reset();
  known_best_ = b;
}

void view_state::progress(trial_number n, double fraction) {
  if (running_.contains(n)) known(n).fraction = std::clamp(fraction, 0.0, 1.0);
}

std::size_t view_state::count(trial_state s) const noexcept {
  const auto it = counts_.find(s);
  return it == counts_.end() ? 0 : it->second;
}

std::optional<best_view> view_state::best() const {
  if (ranking_.empty()) return std::nullopt;
  const trial_number n = ranking_.begin()->second;
  const trial_view& t = trials_.at(n);
  return best_view{n, t.score.value(), t.scored_at};
}

view_state::time view_state::elapsed(time now) const {
  if (!began_) return time{};
  return std::max(ended_.value_or(now) - *began_, time{});
}

// -- events ---------------------------------------------------------------------------------------

void view_state::on(const event_kind::study_started& s, const event& e) {
  name_ = s.name;
  total_ = s.num_samples;
  began_ = time_of(e);
}

void view_state::on(const event_kind::trial_added& added, const event& e) {
  if (added.by && !added.within) {
    ++adopted_;
    ++total_;
  }
  describe(e.trial.value(), added.config);
}

void view_state::describe(trial_number n, const config& c) {
  trial_view& t = known(n);
  t.parameters = shortened(c);
  t.name = printable(name_of(study_.trial_name, n, c));
}

std::string view_state::called(trial_number n) const {
  const std::string& name = trial(n).name;
  return name.empty() ? trial_id(n) : trial_id(n) + ' ' + fit(name, name_columns);
}

void view_state::on(const event_kind::trial_exploited& taken, const event& e) {
  describe(e.trial.value(), taken.config);
  unsaved_.taken_over(*e.trial, taken.donor, taken.checkpoint);
}

std::vector<std::string> view_state::shortened(const config& c) const {
  std::vector<std::string> all;
  for (const std::string& path : varying_)
    if (const auto* v = find(c, path))
      all.push_back(printable(path) + '=' + short_value(*v, value_digits, value_columns));
  return all;
}

void view_state::on(const event_kind::trial_started& started, const event& e) {
  enter(e.trial.value(), trial_state::running, {}, time_of(e));
  known(*e.trial).iteration = started.from_iteration;
}

void view_state::on(const event_kind::trial_reported& reported, const event& e) {
  trial_view& t = known(e.trial.value());
  const double* value = reported.metrics.find(metric_);
  t.value = value ? std::optional{*value} : std::nullopt;
  t.iteration = reported.iteration;
  t.fraction = 0;
  if (reported.checkpoint)
    unsaved_.reported(*e.trial, *reported.checkpoint,
                      value_in(reported.metrics, study_.keep_metric()));
  auto& score = scores_.try_emplace(*e.trial, study_).first->second;
  if (score.report(study_, reported.metrics, reported.checkpoint.has_value())) {
    t.scored_at = reported.iteration;
    if (study_.scope == scope::all) unsaved_.pin_last(*e.trial);
  }
  rank(*e.trial, score.value());
}

void view_state::on(const event_kind::checkpoint_saved& saved, const event& e) {
  unsaved_.saved(e.trial.value(), saved.checkpoint);
}

void view_state::on(const event_kind::trial_failed& failed, const event& e) {
  // One that is not tried again ends, and another event says so.
  if (failed.retry) enter(e.trial.value(), trial_state::pending, failed.error, time_of(e));
  const auto found = scores_.find(*e.trial);
  if (!failed.retry || found == scores_.end()) return;
  found->second.retry();
  rank(*e.trial, found->second.value());
}

void view_state::on(const event_kind::trial_paused& paused, const event& e) {
  enter(e.trial.value(), trial_state::paused, paused.reason, time_of(e));
}

void view_state::on(const event_kind::trial_held&, const event& e) {
  enter(e.trial.value(), trial_state::pending, {}, time_of(e));
}

void view_state::on(const event_kind::trial_retried&, const event& e) {
  const trial_number n = e.trial.value();
  --done_;
  enter(n, trial_state::pending, known(n).reason, time_of(e));
}

void view_state::on(const event_kind::study_paused&, const event&) {
  is_paused_ = true;
}

void view_state::on(const event_kind::study_continued&, const event&) {
  is_paused_ = false;
}

void view_state::on(const event_kind::limits_changed& changed, const event&) {
  limit(changed.limits);
}

void view_state::on(const event_kind::trial_ended& over, const event& e) {
  enter(e.trial.value(), over.state, over.reason, time_of(e));
  unsaved_.ended(*e.trial, over.state);
}

void view_state::on(const event_kind::study_stopping& s, const event&) {
  stopping_ = s.reason;
}

void view_state::on(const event_kind::checkpoint_taken& taken, const event& e) {
  unsaved_.reported(e.trial.value(), taken.checkpoint,
                    value_in(taken.metrics, study_.keep_metric()));
}

void view_state::on(const event_kind::checkpoint_lost& lost, const event& e) {
  unsaved_.lost(e.trial.value(), lost.checkpoint);
}

void view_state::on(const event_kind::study_resumed& r, const event& e) {
  const time now = time_of(e);
  if (began_) began_ = now - elapsed(last_);
  ended_.reset();
  stopping_.clear();
  is_paused_ = false;
  if (r.limits) limit(*r.limits);
  for (auto& [n, t] : trials_) {
    if (t.state == trial_state::running) t.started = now - std::max(last_ - t.started, time{});
    const bool returns = t.state == trial_state::running || t.state == trial_state::interrupted;
    if (returns || std::ranges::find(r.retried, n) != r.retried.end()) {
      if (is_final(t.state) && t.state != trial_state::interrupted) --done_;
      enter(n, trial_state::pending, t.reason, now);
    }
  }
}

void view_state::limit(const study_limits& limits) {
  study_ = with_limits(std::move(study_), limits);
  total_ = number_of_trials(study_) + adopted_;
  budget_.reset();
  if (study_.time_budget_s) budget_ = time{to_nanoseconds(*study_.time_budget_s)};
  most_iterations_.reset();
  const auto most = longest_trial(study_);
  if (most && *most >= 1 && *most < 1e9) most_iterations_ = static_cast<int>(*most);
}

void view_state::on(const event_kind::study_ended&, const event& e) {
  ended_ = time_of(e);
}

// -- trials ---------------------------------------------------------------------------------------

trial_view& view_state::known(trial_number n) {
  const auto [it, fresh] = trials_.try_emplace(n);
  if (fresh) ++counts_[it->second.state];
  return it->second;
}

view_state::time view_state::ran(const trial_view& t, time now) const {
  if (t.state != trial_state::running) return t.spent;
  return t.spent + std::max(now - t.started, time{});
}

void view_state::enter(trial_number n, trial_state state, std::string_view reason, time now) {
  trial_view& t = known(n);
  t.spent = ran(t, now);
  if (t.state == trial_state::failed) forget_failure(t.reason);
  if (state == trial_state::failed) ++failures_[first_line(reason)];
  --counts_[t.state];
  ++counts_[state];
  t.state = state;
  t.reason = reason;
  t.fraction = 0;
  if (state == trial_state::running) {
    t.started = now;
    running_.insert(n);
    most_at_once_ = std::max(most_at_once_, running_.size());
    return;
  }
  running_.erase(n);
  if (!is_final(state) || state == trial_state::interrupted) return; // that one may go on
  ++done_;
  if (state == trial_state::failed) {
    t.value.reset();
    rank(n, std::nullopt);
  }
  if (t.spent == time{}) return; // it was trained elsewhere
  ++ran_to_end_;
  total_run_ += t.spent;
  longest_run_ = std::max(longest_run_, t.spent);
}

void view_state::forget_failure(const std::string& reason) {
  const auto found = failures_.find(first_line(reason));
  if (found != failures_.end() && --found->second == 0) failures_.erase(found);
}

void view_state::rank(trial_number n, std::optional<double> score) {
  const auto entry = [&](double v) { return std::pair{lower_is_better() ? v : -v, n}; };
  trial_view& t = known(n);
  if (t.score && !std::isnan(*t.score)) ranking_.erase(entry(*t.score));
  t.score = score;
  if (score && !std::isnan(*score)) ranking_.insert(entry(*score));
}

} // namespace troupe
