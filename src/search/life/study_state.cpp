#include "search/life/study_state.hpp"

#include "search/life/judging.hpp"
#include "search/life/waiting.hpp"
#include "search/schedulers/registry.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

study_state::study_state(const study& s, keeps_state who)
    : study_{s},
      total_{number_of_trials(s)},
      time_attr_{time_attribute(s)},
      keeps_state_{who} {
  for (const auto& each : s.stoppers)
    stoppers_.push_back(make_stopper(each, s));
}

bool study_state::has_saved(trial_number n, int checkpoint) const {
  const auto says_so = [&](const checkpoint_mark& m) {
    return m.checkpoint == checkpoint && m.saved;
  };
  const auto& kept = trials_.at(n).kept;
  return kept &&
         (std::ranges::any_of(kept->marks, says_so) || std::ranges::any_of(kept->spares, says_so));
}

std::vector<int> study_state::spares_of(trial_number n) const {
  std::vector<int> numbers;
  const trial_entry& t = trials_.at(n);
  if (!t.kept) return numbers;
  for (const checkpoint_mark& m : t.kept->spares)
    if (!is_ahead(m, t)) numbers.push_back(m.checkpoint);
  return numbers;
}

std::optional<std::pair<trial_number, int>> study_state::origin_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (t.resume_checkpoint) return std::pair{n, *t.resume_checkpoint};
  return borrowed_by(n);
}

std::optional<std::pair<trial_number, int>> study_state::borrowed_by(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (!t.borrowed) return std::nullopt;
  return std::pair{t.borrowed->donor, t.borrowed->checkpoint};
}

const config& study_state::config_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (t.next_config) return *t.next_config;
  return t.new_config ? *t.new_config : t.summary.config;
}

const std::string& study_state::ending_reason_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  return t.ending ? t.ending->why.text : t.summary.reason;
}

bool study_state::pausing(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  return t.summary.state == trial_state::running && t.becomes(trial_state::paused);
}

std::optional<outcome> study_state::outcome_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (!t.last_time || t.summary.state == trial_state::failed) return std::nullopt;
  return troupe::outcome_of(study_, t.summary.last);
}

std::optional<trial_number> study_state::first_following_config() const {
  for (const trial_entry& t : trials_)
    if (is_waiting(t.summary.state) && follows_config(t.summary.number)) return t.summary.number;
  return std::nullopt;
}

std::string study_state::over() const {
  for (const auto& each : stoppers_)
    if (auto why = each->study_ends(); !why.empty()) return why;
  return {};
}

bool study_state::all_placed() const noexcept {
  return pending_ + paused_ == 0 && no_more();
}

bool study_state::may_pause() const {
  return must_pause(study_.scheduler);
}

bool study_state::finished() const noexcept {
  return running_.empty() && (winding_up_ || all_placed());
}

study_results study_state::results() const {
  study_results all;
  all.name = study_.name;
  all.metric = study_.metric;
  all.trial_name = study_.trial_name;
  all.scope = study_.scope;
  all.wall_s = wall_s();
  all.interrupted = winding_up_.value_or(std::string{});
  for (const trial_entry& t : trials_)
    all.trials.emplace_back(t.summary).scope_checkpoint = scope_checkpoint(t);
  judge(study_, all);
  return all;
}

std::optional<int> study_state::scope_checkpoint(const trial_entry& t) const {
  if (!t.kept) return std::nullopt;
  if (study_.scope == scope::all) return t.kept->keeper.pinned();
  const auto* last = last_mark(t, 0);
  return last ? std::optional{last->checkpoint} : std::nullopt;
}

std::optional<result> study_state::last_result_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (!t.last_time) return std::nullopt;
  auto values = troupe::outcome_of(study_, t.summary.last).values;
  const double first = values.front();
  values.erase(values.begin());
  return result{*t.last_time, first, std::move(values)};
}

} // namespace troupe
