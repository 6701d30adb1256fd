#include "search/life/judging.hpp"
#include "search/life/study_machine.hpp"
#include "search/schedulers/registry.hpp"

#include <algorithm>
#include <utility>

/// What others ask a study_machine.
namespace troupe {

bool study_machine::has_saved(trial_number n, int checkpoint) const {
  const auto says_so = [&](const checkpoint_mark& m) {
    return m.checkpoint == checkpoint && m.saved;
  };
  const trial_entry& t = trials_.at(n);
  return std::ranges::any_of(t.marks, says_so) || std::ranges::any_of(t.spares, says_so);
}

std::vector<int> study_machine::spares_of(trial_number n) const {
  std::vector<int> numbers;
  const trial_entry& t = trials_.at(n);
  for (const checkpoint_mark& m : t.spares)
    if (!is_ahead(m, t)) numbers.push_back(m.checkpoint);
  return numbers;
}

std::optional<std::pair<trial_number, int>> study_machine::origin_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (t.borrowed) return t.borrowed;
  if (t.resume_checkpoint) return std::pair{n, *t.resume_checkpoint};
  return std::nullopt;
}

const config& study_machine::config_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (t.next_config) return *t.next_config;
  return t.new_config ? *t.new_config : t.summary.config;
}

const std::string& study_machine::ending_reason_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  return t.ending ? t.ending_reason : t.summary.reason;
}

bool study_machine::pausing(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  return t.summary.state == trial_state::running && t.ending == trial_state::paused;
}

std::optional<outcome> study_machine::outcome_of(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  if (!t.last || t.summary.state == trial_state::failed) return std::nullopt;
  return troupe::outcome_of(study_, t.summary.last);
}

std::string study_machine::over() const {
  for (const auto& each : stoppers_)
    if (auto why = each->study_ends(); !why.empty()) return why;
  return {};
}

bool study_machine::all_placed() const noexcept {
  return pending_ + paused_ == 0 && no_more();
}

bool study_machine::may_pause() const {
  return must_pause(study_.scheduler);
}

bool study_machine::finished() const noexcept {
  return running_.empty() && (winding_up_ || all_placed());
}

study_results study_machine::results() const {
  study_results all;
  all.name = study_.name;
  all.metric = study_.metric;
  all.wall_s = wall_s();
  all.interrupted = winding_up_.value_or(std::string{});
  for (const trial_entry& t : trials_)
    all.trials.push_back(t.summary);
  judge(study_, all);
  return all;
}

} // namespace troupe
