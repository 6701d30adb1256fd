#include "search/schedulers/population.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

void population::enter(trial_number n) {
  leave(n);
  const member m{.at = end_++, .score = {}};
  members_.emplace(n, m);
  by_time_.emplace(m.trained, m.at, n);
  waiting_.emplace(m.trained, m.at, n);
}

void population::leave(trial_number n) {
  const auto found = members_.find(n);
  if (found == members_.end()) return;
  const auto& m = found->second;
  unrank(n, m);
  by_time_.erase({m.trained, m.at, n});
  waiting_.erase({m.trained, m.at, n});
  members_.erase(found);
}

void population::record(trial_number n, double time, double score) {
  auto& m = members_.at(n);
  set_trained(n, m, time);
  unrank(n, m);
  m.score.reset();
  if (std::isnan(score)) return;
  m.score = score;
  const key k{score, m.at, n};
  ranking_.insert(std::ranges::lower_bound(ranking_, k), k);
}

void population::set_all_perturbed(double time) {
  for (auto& [n, m] : members_)
    m.perturbed = time;
}

void population::copy_times(trial_number n, trial_number donor) {
  const auto& from = members_.at(donor);
  auto& m = members_.at(n);
  m.perturbed = from.perturbed;
  set_trained(n, m, from.trained);
}

void population::set_waiting(trial_number n, bool waits) {
  auto& m = members_.at(n);
  m.waits = waits;
  const key k{m.trained, m.at, n};
  if (waits)
    waiting_.insert(k);
  else
    waiting_.erase(k);
}

std::optional<trial_number> population::most_behind(double before) const {
  if (waiting_.empty()) return std::nullopt;
  const auto& [time, at, n] = *waiting_.begin();
  return time < before ? std::optional{n} : std::nullopt;
}

bool population::all_reached(double time, std::optional<trial_number> but) const {
  for (const auto& [trained, at, n] : by_time_)
    if (n != but) return trained >= time;
  return true;
}

double population::most_trained() const {
  return by_time_.empty() ? 0 : std::get<double>(*by_time_.rbegin());
}

std::size_t population::quantile(double fraction) const {
  const auto all = ranking_.size();
  const auto wanted = static_cast<std::size_t>(std::ceil(static_cast<double>(all) * fraction));
  return std::min(wanted, all / 2);
}

bool population::among_worst(trial_number n, std::size_t count) const {
  const auto& m = members_.at(n);
  if (!m.score || count == 0) return false;
  return key{*m.score, m.at, n} <= ranking_.at(count - 1);
}

void population::set_trained(trial_number n, member& m, double time) {
  by_time_.erase({m.trained, m.at, n});
  waiting_.erase({m.trained, m.at, n});
  m.trained = time;
  by_time_.emplace(m.trained, m.at, n);
  if (m.waits) waiting_.emplace(m.trained, m.at, n);
}

void population::unrank(trial_number n, const member& m) {
  if (!m.score) return;
  ranking_.erase(std::ranges::lower_bound(ranking_, key{*m.score, m.at, n}));
}

} // namespace troupe
