#include "search/schedulers/rung.hpp"

namespace troupe {

// The detour over percent is numpy's, and changes the last bit.
rung::rung(double milestone, double reduction_factor)
    : milestone_{milestone},
      values_{((1 - 1 / reduction_factor) * 100) / 100} {}

void rung::record(trial_number n, double value) {
  trials_.insert(n);
  values_.record(value);
}

} // namespace troupe
