#include "search/schedulers/hyperband_bracket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace troupe {

namespace {

std::string last_milestone_reached(std::string_view rule, double milestone) {
  return fmt::format("{}: the last milestone, {:g}, is reached", rule, milestone);
}

double next_milestone(double milestone, const hyperband_options& options) {
  return std::trunc(std::min(milestone * options.reduction_factor, options.max_t));
}

} // namespace

double halvings(double max_t, double reduction_factor) {
  return std::nearbyint(std::log(max_t) / std::log(reduction_factor));
}

std::vector<bracket_plan> hyperband_band(const hyperband_options& options) {
  const double rf = options.reduction_factor;
  const double steps = troupe::halvings(options.max_t, rf);
  if (!(steps < most_brackets))
    throw std::invalid_argument{
        fmt::format("{}: reduction_factor must be larger: {} makes more than {:g} brackets",
                    options.rule, rf, most_brackets)};
  const auto count = static_cast<std::size_t>(steps) + 1;
  std::vector<bracket_plan> band;
  for (std::size_t s = 0; s < count; ++s) {
    const auto halvings = static_cast<double>(s);
    const double trials = std::ceil((steps + 1) / (halvings + 1) * std::pow(rf, halvings));
    const double first = options.ray ? options.max_t * std::pow(rf, -halvings)
                                     : options.max_t / std::pow(rf, halvings);
    band.push_back({trials, std::trunc(first), s});
  }
  return band;
}

hyperband_bracket::hyperband_bracket(const hyperband_options& options, const bracket_plan& plan,
                                     start how)
    : options_{options},
      size_{plan.trials},
      milestone_{plan.milestone},
      halvings_{plan.halvings},
      how_{how},
      last_milestone_{plan.milestone} {
  double n = size_, r = milestone_;
  for (std::size_t i = 0; i <= halvings_; ++i) {
    work_ += n * r;
    n = std::ceil(n / options.reduction_factor);
    r = std::trunc(std::min(r * options.reduction_factor, options.max_t - milestone_));
  }
  for (std::size_t i = 0; i < halvings_; ++i)
    last_milestone_ = next_milestone(last_milestone_, options);
}

double hyperband_bracket::completion() const noexcept {
  return finished() ? 1 : std::fmin(progress_ / work_, 1);
}

void hyperband_bracket::add(trial_number n) {
  seats_.emplace(end_, seat{.number = n});
  places_.emplace(n, end_);
  ready_.insert(end_);
  ++behind_;
  ++end_;
  full_ = full_ || filled();
}

decision hyperband_bracket::report(trial_number n, double time, double value) {
  const place at = places_.at(n);
  auto& s = seats_.at(at);
  progress_ += time - s.time;
  if (s.time < milestone_) --behind_;
  if (time < milestone_) ++behind_;
  s = {n, time, value, true};
  ready_.erase(at);
  if (goes_on(s)) return {};
  if (how_ == start::gathers && options_.stop_last_trials && time >= last_milestone_)
    return {.verdict = verdict::stop,
            .reason = last_milestone_reached(options_.rule, last_milestone_),
            .reason_kind = reason_kind::max_t};
  return process(n);
}

decision hyperband_bracket::leave(trial_number n) {
  remove(places_.at(n));
  if (options_.ray ? finished() || locked_ : empty()) return {};
  auto d = process(std::nullopt);
  d.verdict = verdict::proceed;
  return d;
}

bool hyperband_bracket::runs() const noexcept {
  return std::ranges::any_of(seats_, [](const auto& s) { return s.second.running; });
}

decision hyperband_bracket::halve_early() {
  decision d;
  if (gathers() && !empty() && behind_ == 0) advance(std::nullopt, d);
  return d;
}

std::optional<trial_number> hyperband_bracket::choose() {
  if (ready_.empty()) return std::nullopt;
  auto& s = seats_.at(*ready_.begin());
  ready_.erase(ready_.begin());
  s.running = true;
  return s.number;
}

void hyperband_bracket::correct(trial_number n, trial_state state) {
  const place at = places_.at(n);
  auto& s = seats_.at(at);
  s.running = state == trial_state::running;
  if (state == trial_state::pending || (state == trial_state::paused && goes_on(s)))
    ready_.insert(at);
  else
    ready_.erase(at);
}

bool hyperband_bracket::goes_on(const seat& s) const noexcept {
  return s.time < milestone_ || (halvings_ == 0 && !options_.stop_last_trials);
}

bool hyperband_bracket::finished() const noexcept {
  return options_.stop_last_trials && halvings_ == 0 && behind_ == 0;
}

void hyperband_bracket::count_behind() noexcept {
  behind_ = 0;
  for (const auto& [at, s] : seats_)
    if (s.time < milestone_) ++behind_;
}

void hyperband_bracket::remove(place at) {
  const auto found = seats_.find(at);
  if (found->second.time < milestone_) --behind_;
  places_.erase(found->second.number);
  ready_.erase(at);
  seats_.erase(found);
}

decision hyperband_bracket::process(std::optional<trial_number> caller) {
  decision d{verdict::pause, {}};
  if (caller) seats_.at(places_.at(*caller)).running = false;
  if (gathers())
    d.reason =
        fmt::format("{}: waits at {:g} for its bracket to fill up", options_.rule, milestone_);
  else if (behind_ > 0)
    d.reason = fmt::format("{}: waits at {:g} for {} more of its bracket", options_.rule,
                           milestone_, behind_);
  else
    advance(caller, d);
  return d;
}

void hyperband_bracket::advance(std::optional<trial_number> caller, decision& d) {
  if (finished()) {
    std::vector<place> all;
    all.reserve(seats_.size());
    for (const auto& [at, s] : seats_)
      all.push_back(at);
    return end(all, caller, d);
  }
  locked_ = true;
  // Trials that report seldom may have passed several milestones at once.
  do {
    halve(caller, d);
  } while (!options_.ray && behind_ == 0 && halvings_ > 0);
  if (finished())
    end(ranked(), caller, d);
  else
    let_go_on(caller, d);
}

std::vector<hyperband_bracket::place> hyperband_bracket::ranked() const {
  std::vector<std::pair<double, place>> order;
  order.reserve(seats_.size());
  for (const auto& [at, s] : seats_)
    order.emplace_back(std::isnan(s.value) ? -std::numeric_limits<double>::infinity() : s.value,
                       at);
  std::ranges::sort(order);
  std::vector<place> places;
  places.reserve(order.size());
  for (const auto& [value, at] : order)
    places.push_back(at);
  return places;
}

void hyperband_bracket::halve(std::optional<trial_number> caller, decision& d) {
  if (halvings_ == 0) return; // The last ones go on without end.
  const double reached = milestone_;
  --halvings_;
  size_ = std::ceil(size_ / options_.reduction_factor);
  milestone_ = next_milestone(milestone_, options_);
  auto order = ranked();
  const auto all = order.size();
  const auto good = static_cast<std::size_t>(std::min(size_, static_cast<double>(all)));
  order.resize(all - good);
  d.reason = fmt::format("{}: the best {} of {} at {:g} go on", options_.rule, good, all, reached);
  for (const place at : order) {
    const auto n = seats_.at(at).number;
    if (n == caller)
      d.verdict = verdict::stop;
    else
      d.also_stop.push_back(n);
    remove(at);
  }
  count_behind();
  full_ = full_ || filled();
}

void hyperband_bracket::end(const std::vector<place>& whom, std::optional<trial_number> caller,
                            decision& d) {
  d.reason = last_milestone_reached(options_.rule, milestone_);
  d.reason_kind = reason_kind::max_t;
  for (const place at : whom) {
    const auto& s = seats_.at(at);
    if (s.running) continue; // It was told to pause and did not; it is told to stop next time.
    if (s.number == caller)
      d.verdict = verdict::stop;
    else
      d.also_stop.push_back(s.number);
    remove(at);
  }
}

void hyperband_bracket::let_go_on(std::optional<trial_number> caller, decision& d) {
  for (auto& [at, s] : seats_) {
    if (!goes_on(s) || s.running) continue;
    if (s.number == caller) {
      d.verdict = verdict::proceed;
      s.running = true;
    } else {
      ready_.insert(at);
    }
  }
}

} // namespace troupe
