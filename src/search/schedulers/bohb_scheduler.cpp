#include "search/schedulers/bohb_scheduler.hpp"

#include <algorithm>

namespace troupe {

bohb_scheduler::bohb_scheduler(const study& s)
    : hyperband{s, read_hyperband_options(s.scheduler.options, bohb_scheduler_plugin),
                hyperband_bracket::start::gathers} {}

std::optional<trial_number> bohb_scheduler::choose() {
  const auto ready = first_ready();
  if (ready || anybody_runs()) return ready;
  for (const auto& brackets : bands())
    for (const auto& b : brackets)
      if (b) ends(b->halve_early());
  return first_ready();
}

std::optional<trial_number> bohb_scheduler::first_ready() {
  for (const auto& brackets : bands())
    for (const auto& b : brackets)
      if (b && b->ready()) return b->choose();
  return std::nullopt;
}

bool bohb_scheduler::anybody_runs() {
  const auto runs = [](const auto& b) { return b && b->runs(); };
  return std::ranges::any_of(
      bands(), [&](const auto& brackets) { return std::ranges::any_of(brackets, runs); });
}

} // namespace troupe
