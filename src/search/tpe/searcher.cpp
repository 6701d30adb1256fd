#include "search/tpe/searcher.hpp"

#include "search/tpe/domains.hpp"

#include <cmath>
#include <limits>

namespace troupe {

tpe_searcher::tpe_searcher(const study& s)
    : space_{s.space},
      seed_{s.seed},
      sign_{s.mode == direction::min ? 1.0 : -1.0},
      model_{dimensions_of(s.space), read_tpe_options(s.searcher.options)} {
  for (const auto& entry : space_.entries())
    if (tpe::dimension_of(entry.domain)) parameters_.push_back({entry.path, entry.domain});
}

std::vector<tpe::dimension> tpe_searcher::dimensions_of(const search_space& space) {
  std::vector<tpe::dimension> dimensions;
  for (const auto& entry : space.entries())
    if (const auto d = tpe::dimension_of(entry.domain)) dimensions.push_back(*d);
  return dimensions;
}

suggestion tpe_searcher::suggest(trial_number n) {
  config c = sample(space_, seed_, n);
  if (!model_.starting_up()) {
    auto random = random_stream{seed_, n, "tpe"};
    const auto values = model_.suggest(random);
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      if (const auto* drawn = find(c, parameters_[i].path))
        const_cast<boost::json::value&>(*drawn) = tpe::to_value(parameters_[i].domain, values[i]);
  }
  learn(n, c);
  return c;
}

/// Trial `n` runs with `c`.
void tpe_searcher::learn(trial_number n, const config& c) {
  std::vector<double> values;
  for (const auto& p : parameters_) {
    const auto* v = find(c, p.path);
    values.push_back(v ? tpe::to_number(p.domain, *v) : std::numeric_limits<double>::quiet_NaN());
  }
  model_.start(n, values);
  running_[n] = std::nullopt;
}

void tpe_searcher::observe(trial_number n, int iteration, double) {
  const auto found = running_.find(n);
  if (found != running_.end()) found->second = iteration;
}

void tpe_searcher::complete(trial_number n, std::optional<double> value) {
  if (value && std::isnan(*value)) return stopped(n, value); // it diverged
  if (running_.erase(n) == 0) return;
  if (value)
    model_.finish(tpe::completed(n, sign_ * *value));
  else
    model_.fail(n);
}

void tpe_searcher::stopped(trial_number n, std::optional<double> value) {
  const auto found = running_.find(n);
  if (found == running_.end()) return;
  std::optional<tpe::last_report> last;
  if (found->second && value) last = {*found->second, sign_ * *value};
  running_.erase(found);
  model_.finish(tpe::stopped(n, last));
}

} // namespace troupe
