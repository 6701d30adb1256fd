#include "search/life/trial_score.hpp"

#include "search/life/judging.hpp"

#include <limits>

namespace troupe {

bool trial_score::report(const study& s, const metrics& m, bool stays) {
  const double* value = m.find(s.metric);
  const bool counts = value && (scope_ != scope::all || is_feasible(s, m));
  const bool is_compared = now_.add(counts ? *value : std::numeric_limits<double>::quiet_NaN());
  if (stays) kept_ = now_;
  return is_compared;
}

void trial_score::retry() {
  if (scope_ != scope::last && scope_ != scope::all) now_ = kept_;
}

} // namespace troupe
