#include "search/simulation/recorded_curves.hpp"

#include "base/seconds.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

class recorded_training final : public training {
public:
  explicit recorded_training(const recorded_curves::recorded_trial& trial) : trial_{trial} {}

  training_step next(const training_state& from) const override {
    const auto done = static_cast<std::size_t>(from.iteration);
    if (done < trial_.reports.size()) {
      const auto& r = trial_.reports[done];
      return {r.takes_ns, training_report{r.metrics, {from.iteration + 1, from.progress}}};
    }
    if (trial_.error) return {0, training_failure{*trial_.error}};
    return {0, training_end{}};
  }

private:
  const recorded_curves::recorded_trial& trial_;
};

recorded_curves::recorded_curves(const std::function<std::optional<event>()>& next) {
  while (const auto e = next())
    take(*e);
  std::erase_if(trials_, [](const recorded_trial& t) { return !t.ran; });
}

void recorded_curves::take(const event& e) {
  if (std::holds_alternative<event_kind::trial_added>(e.body)) {
    trials_.push_back({std::get<event_kind::trial_added>(e.body).config, false, {}, {}});
    return;
  }
  if (!e.trial) return;
  recorded_trial& t = trials_.at(*e.trial);
  if (const auto* started = std::get_if<event_kind::trial_started>(&e.body)) {
    t.ran = true;
    // Steps that `tell` has left out are no reports: there are no more of those than events.
    t.reports.resize(
        std::min<std::size_t>(static_cast<std::size_t>(started->from_iteration), reports_));
  } else if (const auto* r = std::get_if<event_kind::trial_reported>(&e.body)) {
    ++reports_;
    t.reports.push_back({std::max(to_nanoseconds(r->iteration_s), std::int64_t{0}), r->metrics});
  } else if (const auto* end = std::get_if<event_kind::trial_ended>(&e.body)) {
    if (end->state == trial_state::failed) t.error = end->reason;
  }
}

const metrics* recorded_curves::first_report() const noexcept {
  for (const auto& t : trials_)
    if (!t.reports.empty()) return &t.reports.front().metrics;
  return nullptr;
}

std::unique_ptr<const training> recorded_curves::begin(trial_number n, const config&) const {
  return std::make_unique<recorded_training>(trials_.at(n));
}

} // namespace troupe
