#include "model/state_part.hpp"

#include <torch/optim/schedulers/reduce_on_plateau_scheduler.h>

namespace troupe {

namespace {

using torch::optim::ReduceLROnPlateauScheduler;

namespace plateau {

// libtorch gives nobody these. Access is not checked in an explicit instantiation, so that each of
// them can hand out a pointer to a private member, as the function `reach`.
template <class Name, typename Name::type Member>
struct handed_out {
  friend typename Name::type reach(Name) { return Member; }
};

struct best {
  using type = float ReduceLROnPlateauScheduler::*;
  friend type reach(best);
};

struct num_bad_epochs {
  using type = int ReduceLROnPlateauScheduler::*;
  friend type reach(num_bad_epochs);
};

struct cooldown_counter {
  using type = int ReduceLROnPlateauScheduler::*;
  friend type reach(cooldown_counter);
};

struct last_epoch {
  using type = int ReduceLROnPlateauScheduler::*;
  friend type reach(last_epoch);
};

template struct handed_out<best, &ReduceLROnPlateauScheduler::best>;
template struct handed_out<num_bad_epochs, &ReduceLROnPlateauScheduler::num_bad_epochs>;
template struct handed_out<cooldown_counter, &ReduceLROnPlateauScheduler::cooldown_counter>;
template struct handed_out<last_epoch, &ReduceLROnPlateauScheduler::last_epoch>;

} // namespace plateau

} // namespace

std::vector<state_field> fields(ReduceLROnPlateauScheduler& scheduler) {
  return {number_field("best", scheduler.*reach(plateau::best{})),
          number_field("num_bad_epochs", scheduler.*reach(plateau::num_bad_epochs{})),
          number_field("cooldown_counter", scheduler.*reach(plateau::cooldown_counter{})),
          number_field("last_epoch", scheduler.*reach(plateau::last_epoch{}))};
}

} // namespace troupe
