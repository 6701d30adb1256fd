#include "actors/placement.hpp"

#include "search/life/taken_checkpoint.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace troupe {

placement::placement(std::uint64_t study_seed, std::vector<std::string> devices,
                     std::optional<study_layout> layout, std::uint64_t most_bytes)
    : seed_{study_seed},
      devices_{std::move(devices)},
      layout_{std::move(layout)},
      checkpoints_{most_bytes} {}

void placement::follow(const event& e, const checkpoint& c) {
  if (const auto own = checkpoint_of(e)) checkpoints_.set(*e.trial, {*e.trial, own->number}, c);
  if (const auto* taken = std::get_if<event_kind::trial_exploited>(&e.body)) {
    const live_checkpoints::name which{taken->donor, taken->checkpoint};
    checkpoints_.set(*e.trial, which, fetch(taken->donor, which));
  }
  if (const auto* saved = std::get_if<event_kind::checkpoint_saved>(&e.body))
    checkpoints_.saved({*e.trial, saved->checkpoint});
  if (std::holds_alternative<event_kind::trial_ended>(e.body)) checkpoints_.fade(*e.trial);
}

/// Returns what trial `n` goes on from, wherever it is.
checkpoint placement::fetch(trial_number n, live_checkpoints::name which) const {
  auto c = checkpoints_.find(n, which);
  return c || !layout_ ? c : checkpoint::in(layout_->checkpoint(which.first, which.second));
}

trial_order placement::order(const study_machine& machine, trial_number n,
                             const study_machine::start_order& how, const lease& l) const {
  const auto origin = machine.origin_of(n);
  return {n,
          how.attempt,
          machine.config_of(n),
          origin ? fetch(n, *origin) : checkpoint{},
          how.from_iteration,
          seed_,
          std::max(1, static_cast<int>(l.cpu)),
          devices_of(l),
          layout_ ? std::filesystem::absolute(layout_->root()) : std::filesystem::path{},
          l.memory_gb};
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
