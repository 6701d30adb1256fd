#include "store/told_values.hpp"

#include "base/count_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>

namespace troupe {

metrics told_metrics(const study& s, const std::vector<double>& values) {
  std::vector<std::string> names;
  for (const auto& o : s.objectives())
    names.push_back(o.metric);
  names.insert(names.end(), s.constraints.begin(), s.constraints.end());
  if (values.size() != names.size())
    throw std::invalid_argument{fmt::format("the study wants {}, for {}; found {}",
                                            count_text(names.size(), "value"),
                                            fmt::join(names, ", "), values.size())};
  metrics m;
  for (std::size_t i = 0; i < values.size(); ++i)
    m.set(names[i], values[i]);
  return m;
}

int running_attempt(const study_machine& machine, trial_number n) {
  if (n >= machine.next_number())
    throw std::invalid_argument{
        fmt::format("there is no trial {}; the study has {}", trial_id(n), machine.next_number())};
  if (const auto state = machine.state_of(n); state != trial_state::running)
    throw std::invalid_argument{
        fmt::format("trial {} does not run: it is {}", trial_id(n), to_string(state))};
  return machine.attempt_of(n);
}

void check_step(const study_machine& machine, trial_number n, int step) {
  const int last = machine.iterations_of(n);
  if (step <= last)
    throw std::invalid_argument{fmt::format("trial {} has reported step {} already; --step must be "
                                            "above {}, found {}",
                                            trial_id(n), last, last, step)};
}

bool all_handed_out(const study_machine& machine) {
  const bool may_come_back = machine.subject().max_failures > 0 || machine.may_pause();
  return machine.finished() || machine.winding_up() || (machine.all_placed() && !may_come_back);
}

} // namespace troupe
