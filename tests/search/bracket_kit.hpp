#pragma once

#include "search/scheduler_kit.hpp"

#include <string_view>
#include <vector>

namespace troupe {

/// A scheduler with brackets, to which trials 0, 1, … have been added.
class bracket_driver : public scheduler_driver {
public:
  using numbers = std::vector<trial_number>;

  bracket_driver(std::string_view scheduler, trial_number trials, std::string_view options)
      : scheduler_driver{scheduled_study(scheduler, options)} {
    for (trial_number n = 0; n < trials; ++n)
      (*this)->added(n);
  }

  /// All trials that may run, in the order in which they are chosen.
  numbers choose_all() {
    numbers chosen;
    while (const auto n = (*this)->choose())
      chosen.push_back(*n);
    return chosen;
  }

  /// The trials that have been ended by other trials' ends.
  numbers ended() {
    numbers all;
    for (const auto& d : (*this)->aftermath())
      all.insert(all.end(), d.also_stop.begin(), d.also_stop.end());
    return all;
  }
};

} // namespace troupe
