#include "search/searchers/grid_searcher.hpp"

#include "base/option_values.hpp"
#include "search/space/variants.hpp"

#include <stdexcept>
#include <utility>

namespace troupe {

constinit const plugin grid_plugin{
    .name = "grid", .summary = "every configuration of a finite space once, in order"};

grid_searcher::grid_searcher(const study& s) : space_{s.space}, seed_{s.seed} {
  option_values::of(grid_plugin, s.searcher.options);
  for (const auto& point : s.points_to_evaluate)
    points_.push_back(given_values(space_, point));
}

suggestion grid_searcher::suggest(trial_number n) {
  if (n < points_.size()) {
    walk_.complete(seed_, n, points_[n]);
    auto c = sampler_.assemble(points_[n]);
    tried_.insert(c);
    return c;
  }
  while (const auto values = walk_.next(seed_, n)) {
    auto c = sampler_.assemble(*values);
    if (tried_.size() == 0 || !tried_.contains(c)) return c;
  }
  return exhausted{};
}

} // namespace troupe
