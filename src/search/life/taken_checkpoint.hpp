#pragma once

#include <troupe/events.hpp>

#include <optional>
#include <variant>

namespace troupe {

/// The checkpoint that an event brings: a report's, or one that a trial has come with once more.
struct taken_checkpoint {
  int number = 0;
  int iteration = 0;
  double total_s = 0;
  const troupe::metrics* metrics = nullptr; ///< In the event.
};

/// Returns the checkpoint that comes with `e`; none if none does.
inline std::optional<taken_checkpoint> checkpoint_of(const event& e) {
  if (const auto* report = std::get_if<event_kind::trial_reported>(&e.body))
    if (report->checkpoint)
      return taken_checkpoint{*report->checkpoint, report->iteration, report->total_s,
                              &report->metrics};
  if (const auto* taken = std::get_if<event_kind::checkpoint_taken>(&e.body))
    return taken_checkpoint{taken->checkpoint, taken->iteration, taken->total_s, &taken->metrics};
  return std::nullopt;
}

} // namespace troupe
