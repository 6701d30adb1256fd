#include "search/schedulers/added_scheduler.hpp"

#include <stdexcept>
#include <utility>

namespace troupe {

added_scheduler::added_scheduler(std::string name, std::unique_ptr<scheduler> own)
    : name_{std::move(name)},
      own_{std::move(own)} {
  if (!own_)
    throw std::invalid_argument{"scheduler \"" + name_ + "\" was not made: `make` gave null"};
}

void added_scheduler::correct(trial_number n, trial_state state) {
  throw std::invalid_argument{"scheduler \"" + name_ + "\" decides otherwise than it did: trial " +
                              trial_id(n) + " is " + std::string{to_string(state)} +
                              "; it must decide the same after the same calls"};
}

} // namespace troupe
