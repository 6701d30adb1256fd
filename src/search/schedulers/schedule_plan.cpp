#include "search/schedulers/schedule_plan.hpp"

#include "search/schedulers/bohb_scheduler.hpp"
#include "search/schedulers/hyperband.hpp"
#include "search/schedulers/moasha.hpp"

#include <algorithm>

namespace troupe {

namespace {

std::vector<planned_bracket> brackets_of(const asha_options& options) {
  const auto ladder = asha_ladder(options);
  std::vector<planned_bracket> brackets;
  for (std::size_t b = 0; b < options.brackets && b < ladder.size(); ++b)
    brackets.push_back(
        {std::nullopt, {ladder.begin() + static_cast<std::ptrdiff_t>(b), ladder.end()}});
  return brackets;
}

std::vector<planned_bracket> brackets_of(const hyperband_options& options) {
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
  return brackets;
}

} // namespace

std::vector<planned_bracket> asha_brackets(const study& s) {
  return brackets_of(read_asha_options(s.scheduler.options));
}

std::vector<planned_bracket> moasha_brackets(const study& s) {
  return brackets_of(read_asha_options(s.scheduler.options, moasha_plugin));
}

std::vector<planned_bracket> hyperband_brackets(const study& s) {
  return brackets_of(read_hyperband_options(s.scheduler.options, hyperband_plugin));
}

std::vector<planned_bracket> bohb_brackets(const study& s) {
  auto brackets = brackets_of(read_hyperband_options(s.scheduler.options, bohb_scheduler_plugin));
  std::ranges::reverse(brackets);
  return brackets;
}

} // namespace troupe
