#include "search/schedulers/hyperband.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace troupe {

hyperband::hyperband(const study& s)
    : hyperband{s, read_hyperband_options(s.scheduler.options, hyperband_plugin),
                hyperband_bracket::start::at_once} {}

hyperband::hyperband(const study& s, const hyperband_options& options, hyperband_bracket::start how)
    : options_{options},
      how_{how},
      sign_{s.mode == direction::max ? 1.0 : -1.0},
      plan_{hyperband_band(options_)} {
  if (how == hyperband_bracket::start::gathers) std::ranges::reverse(plan_);
}

void hyperband::added(trial_number n) {
  leave(n);
  while (!current_ || current_->filled())
    open_bracket();
  current_->add(n);
  homes_[n] = current_;
}

void hyperband::open_bracket() {
  if (bands_.empty() || bands_.back().size() == plan_.size()) bands_.emplace_back();
  const auto& plan = plan_[bands_.back().size()];
  bands_.back().push_back(
      plan.milestone == 0 ? nullptr : std::make_unique<hyperband_bracket>(options_, plan, how_));
  current_ = bands_.back().back().get();
}

decision hyperband::reported(trial_number n, const result& r) {
  const auto home = find(n);
  if (!home)
    return {verdict::stop, fmt::format("{}: its bracket went on without it", options_.rule)};
  if (std::isnan(r.time)) return {};
  auto d = home->report(n, r.time, sign_ * r.value);
  if (d.verdict == verdict::stop) homes_.erase(n);
  forget(d);
  if (d.verdict == verdict::stop && home->holds(n)) ends(home->leave(n));
  return d;
}

const std::vector<hyperband::band>& hyperband::bands() {
  // What is over is let go: only the last bracket gets trials any more.
  while (bands_.size() > 1 &&
         std::ranges::all_of(bands_.front(), [](const auto& b) { return !b || b->empty(); }))
    bands_.erase(bands_.begin());
  return bands_;
}

std::optional<trial_number> hyperband::choose() {
  for (const auto& brackets : bands()) {
    hyperband_bracket* next = nullptr;
    for (const auto& b : brackets)
      if (b && b->ready() && (!next || b->completion() < next->completion())) next = b.get();
    if (next) return next->choose();
  }
  return std::nullopt;
}

std::vector<decision> hyperband::aftermath() {
  return std::exchange(aftermath_, {});
}

void hyperband::correct(trial_number n, trial_state state) {
  if (const auto home = find(n)) home->correct(n, state);
}

std::size_t hyperband::lookahead() const noexcept {
  double trials = 0;
  for (const auto& plan : plan_)
    trials += plan.trials;
  constexpr auto most = std::numeric_limits<std::size_t>::max();
  return trials < 1e15 ? 2 * static_cast<std::size_t>(trials) : most;
}

hyperband_bracket* hyperband::find(trial_number n) const {
  const auto found = homes_.find(n);
  return found == homes_.end() ? nullptr : found->second;
}

void hyperband::leave(trial_number n) {
  const auto home = find(n);
  if (!home) return;
  homes_.erase(n);
  ends(home->leave(n));
}

void hyperband::ends(decision d) {
  forget(d);
  if (!d.also_stop.empty()) aftermath_.push_back(std::move(d));
}

void hyperband::forget(const decision& d) {
  for (const auto n : d.also_stop)
    homes_.erase(n);
}

} // namespace troupe
