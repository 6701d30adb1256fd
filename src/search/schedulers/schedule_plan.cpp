#include "search/schedulers/schedule_plan.hpp"

#include "search/schedulers/asha.hpp"
#include "search/schedulers/hyperband.hpp"

#include <algorithm>

namespace troupe {

namespace {

std::vector<planned_bracket> asha_brackets(const study& s) {
  const auto options = read_asha_options(s.scheduler.options);
  const auto ladder = asha_ladder(options);
  std::vector<planned_bracket> brackets;
  for (std::size_t b = 0; b < options.brackets && b < ladder.size(); ++b)
    brackets.push_back(
        {std::nullopt, {ladder.begin() + static_cast<std::ptrdiff_t>(b), ladder.end()}});
  return brackets;
}

std::vector<planned_bracket> hyperband_brackets(const study& s) {
  const auto options = read_hyperband_options(s.scheduler.options, s.scheduler.name);
  std::vector<planned_bracket> brackets;
  for (const auto& plan : hyperband_band(options)) {
    if (plan.milestone == 0) continue;
    planned_bracket b{plan.trials, {}};
    double milestone = plan.milestone;
    for (std::size_t k = 0; k < plan.halvings && milestone < options.max_t; ++k) {
      b.rungs.push_back(milestone);
      milestone *= options.reduction_factor;
    }
    b.rungs.push_back(options.max_t);
    brackets.push_back(std::move(b));
  }
  if (s.scheduler.name == "bohb") std::reverse(brackets.begin(), brackets.end());
  return brackets;
}

} // namespace

std::vector<planned_bracket> planned_brackets(const study& s) {
  if (s.scheduler.name == "asha" || s.scheduler.name == "moasha") return asha_brackets(s);
  if (s.scheduler.name == "hyperband" || s.scheduler.name == "bohb") return hyperband_brackets(s);
  return {};
}

} // namespace troupe
