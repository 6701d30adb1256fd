#include "actors/placement.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

placement::placement(std::uint64_t study_seed, std::vector<std::string> devices)
    : seed_{study_seed},
      devices_{std::move(devices)} {}

void placement::follow(const event& e, const checkpoint& c) {
  if (std::holds_alternative<event_kind::trial_added>(e.body)) checkpoints_.add();
  if (const auto* report = std::get_if<event_kind::trial_reported>(&e.body))
    if (report->checkpoint) checkpoints_.set(*e.trial, c);
  if (const auto* taken = std::get_if<event_kind::trial_exploited>(&e.body))
    checkpoints_.set(*e.trial, checkpoints_[taken->donor]);
  if (std::holds_alternative<event_kind::trial_ended>(e.body)) checkpoints_.fade(*e.trial);
}

trial_order placement::order(const study_machine& machine, trial_number n,
                             const study_machine::start_order& how, const lease& l) const {
  return {n,
          how.attempt,
          machine.config_of(n),
          checkpoints_[n],
          how.from_iteration,
          seed_,
          std::max(1, static_cast<int>(l.cpu)),
          devices_of(l)};
}

std::vector<std::string> placement::devices_of(const lease& l) const {
  if (devices_.empty() || l.gpus.empty()) return {"cpu"};
  std::vector<std::string> names;
  for (const int gpu : l.gpus) {
    const auto index = static_cast<std::size_t>(gpu);
    names.push_back(index < devices_.size() ? devices_[index] : "cuda:" + std::to_string(gpu));
  }
  return names;
}

} // namespace troupe
