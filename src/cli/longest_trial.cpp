#include "cli/longest_trial.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>

namespace troupe {

std::optional<double> longest_trial(const study& s) {
  std::optional<double> longest;
  const auto shorten = [&](double t) { longest = std::min(longest.value_or(t), t); };
  for (const auto& rule : s.stop)
    if (rule.metric == "training_iteration") shorten(std::ceil(rule.bound));
  const auto* attr = s.scheduler.options.if_contains("time_attr");
  const auto* max_t = s.scheduler.options.if_contains("max_t");
  const bool counts_iterations = attr && *attr == "training_iteration";
  if (max_t && max_t->is_number() && counts_iterations) shorten(max_t->to_number<double>());
  return longest;
}

} // namespace troupe
