#include "library/callback_feed.hpp"

#include <cmath>
#include <utility>
#include <variant>

namespace troupe {

callback_feed::callback_feed(const study& s, std::vector<study_callbacks> all,
                             study_state::keeps_state who)
    : state_{s, who},
      all_{std::move(all)} {}

void callback_feed::restore(const event& e) {
  state_.apply(e);
  improves(e);
}

void callback_feed::take(const event& e) {
  state_.apply(e);
  const auto& s = std::as_const(state_);
  if (std::holds_alternative<event_kind::trial_started>(e.body))
    tell(&study_callbacks::trial_started, s.summary_of(*e.trial));
  if (std::holds_alternative<event_kind::trial_reported>(e.body)) {
    tell(&study_callbacks::trial_reported, s.summary_of(*e.trial));
    if (improves(e)) tell(&study_callbacks::improved, s.summary_of(*e.trial));
  }
  if (std::holds_alternative<event_kind::trial_ended>(e.body))
    tell(&study_callbacks::trial_ended, s.summary_of(*e.trial));
  if (std::holds_alternative<event_kind::study_ended>(e.body))
    tell(&study_callbacks::study_ended, s.results());
}

/// Returns whether it is a report better than all before it.
bool callback_feed::improves(const event& e) {
  const auto* report = std::get_if<event_kind::trial_reported>(&e.body);
  if (!report) return false;
  const auto& s = state_.subject();
  const double* value = report->metrics.find(s.metric);
  if (!value || std::isnan(*value)) return false;
  const double cost = s.mode == direction::min ? *value : -*value;
  if (best_ && cost >= *best_) return false;
  best_ = cost;
  return true;
}

template <class Member, class Told>
void callback_feed::tell(Member member, const Told& told) const {
  for (const auto& each : all_)
    if (const auto& call = each.*member) call(told);
}

} // namespace troupe
