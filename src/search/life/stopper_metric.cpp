#include "search/life/stopper_metric.hpp"

namespace troupe {

objective watched_by(const option_values& in, const study& s) {
  objective watched{in.maybe_text("metric").value_or(s.metric), s.mode};
  for (const auto& o : s.objectives())
    if (o.metric == watched.metric) watched.mode = o.mode;
  if (const auto mode = in.maybe_text("mode"))
    watched.mode = *mode == "min" ? direction::min : direction::max;
  return watched;
}

} // namespace troupe
