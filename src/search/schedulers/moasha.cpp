#include "search/schedulers/moasha.hpp"

#include "base/count_text.hpp"
#include "search/numbers/epsilon_net.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace troupe {

moasha::moasha(const study& s)
    : options_{read_asha_options(s.scheduler.options, moasha_plugin)},
      objectives_{s.objectives()} {
  for (const double milestone : asha_ladder(options_))
    rungs_.push_back({milestone, {}, {}});
  std::reverse(rungs_.begin(), rungs_.end());
}

decision moasha::reported(trial_number n, const result& r) {
  if (options_.stop_last_trials && r.time >= options_.max_t)
    return {.verdict = verdict::stop,
            .reason = fmt::format("moasha: max_t {:g} reached", options_.max_t),
            .reason_kind = reason_kind::max_t};
  return judge(n, r);
}

void moasha::completed(trial_number n, const std::optional<result>& last) {
  if (last) judge(n, *last);
  queue_.forget(n);
}

moasha::rung* moasha::next_rung(trial_number n, double time) {
  for (auto& candidate : rungs_) {
    if (time < candidate.milestone) continue;
    if (!candidate.trials.contains(n)) return &candidate;
    if (!options_.stop_last_trials) return nullptr;
  }
  return nullptr;
}

decision moasha::judge(trial_number n, const result& r) {
  if (std::isnan(r.time)) return {};
  const auto reached = next_rung(n, r.time);
  if (!reached) return {};
  reached->trials.insert(n);
  auto point = losses_of(r);
  if (std::any_of(point.begin(), point.end(), [](double x) { return std::isnan(x); })) return {};
  auto& points = reached->points;
  points.push_back(std::move(point));
  const double share = std::ceil(static_cast<double>(points.size()) / options_.reduction_factor);
  if (among_best(points, points.size() - 1, static_cast<std::size_t>(share))) return {};
  return {verdict::stop, fmt::format("moasha: not among the best {:g} (1/{:g}) of {} at rung {:g}",
                                     share, options_.reduction_factor,
                                     count_text(points.size(), "trial"), reached->milestone)};
}

losses moasha::losses_of(const result& r) const {
  losses point{r.value};
  point.insert(point.end(), r.further.begin(), r.further.end());
  for (std::size_t i = 0; i < point.size(); ++i)
    if (objectives_.at(i).mode == direction::max) point[i] = -point[i];
  return point;
}

} // namespace troupe
