#include "cli/unsaved_checkpoints.hpp"

namespace troupe {

void unsaved_checkpoints::reported(trial_number n, int checkpoint, double score) {
  auto& reporter = known(n);
  waiting_.emplace(n, checkpoint);
  for (const int unneeded : reporter.keeper.add(checkpoint, score))
    waiting_.erase({n, unneeded});
  reporter.next = checkpoint + 1;
}

void unsaved_checkpoints::saved(trial_number n, int checkpoint) {
  waiting_.erase({n, checkpoint});
  if (auto& taker = known(n); checkpoint >= taker.first_own) give_back(taker);
}

void unsaved_checkpoints::pin_last(trial_number n) {
  for (const int unneeded : known(n).keeper.pin_last())
    waiting_.erase({n, unneeded});
}

void unsaved_checkpoints::taken_over(trial_number n, trial_number donor, int checkpoint) {
  if (donor == n) return;
  auto& taker = known(n);
  give_back(taker);
  taker.borrowed = {donor, checkpoint};
  taker.first_own = taker.next;
  known(donor).keeper.lend(checkpoint);
}

void unsaved_checkpoints::ended(trial_number n, trial_state state) {
  const auto found = owners_.find(n);
  if (found != owners_.end() && state != trial_state::interrupted) give_back(found->second);
}

void unsaved_checkpoints::give_back(owner& taker) {
  if (!taker.borrowed) return;
  const auto [donor, checkpoint] = *std::exchange(taker.borrowed, std::nullopt);
  for (const int unneeded : known(donor).keeper.release(checkpoint))
    waiting_.erase({donor, unneeded});
}

} // namespace troupe
