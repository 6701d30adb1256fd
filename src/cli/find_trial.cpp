#include "cli/find_trial.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace troupe {

trial_number find_trial(const study_results& r, const std::string& called) {
  std::uint64_t n = 0;
  const auto* end = called.data() + called.size();
  const auto [stop, error] = std::from_chars(called.data(), end, n);
  if (error == std::errc{} && stop == end && n < r.trials.size())
    return static_cast<trial_number>(n);
  for (const auto& t : r.trials)
    if (!r.trial_name.empty() && name_of(r.trial_name, t.number, t.config) == called)
      return t.number;
  if (r.trials.empty()) throw std::invalid_argument{"the study has no trials yet"};
  throw std::invalid_argument{fmt::format(R"(there is no trial "{}"; there are {} to {})", called,
                                          trial_id(r.trials.front().number),
                                          trial_id(r.trials.back().number))};
}

} // namespace troupe
