#include "search/rung.hpp"

#include <cmath>
#include <limits>

namespace troupe {

namespace {

template <class From, class To>
void move_top(From& from, To& to) {
  to.push(from.top());
  from.pop();
}

} // namespace

// The detour over percent is numpy's, and changes the last bit.
rung::rung(double milestone, double reduction_factor)
    : milestone_{milestone},
      quantile_{((1 - 1 / reduction_factor) * 100) / 100} {}

void rung::record(trial_number n, double value) {
  trials_.insert(n);
  if (std::isnan(value)) return;
  if (!high_.empty() && value > high_.top())
    high_.push(value);
  else
    low_.push(value);
  const auto wanted = static_cast<std::size_t>(position()) + 1;
  while (low_.size() > wanted)
    move_top(low_, high_);
  while (low_.size() < wanted)
    move_top(high_, low_);
}

double rung::position() const noexcept {
  return static_cast<double>(size() - 1) * quantile_;
}

double rung::cutoff() const noexcept {
  if (size() == 0) return std::numeric_limits<double>::quiet_NaN();
  const double at = position();
  const double g = at - std::floor(at);
  const double a = low_.top();
  const double b = high_.empty() ? a : high_.top();
  const double d = b - a;
  return g < 0.5 ? a + d * g : b - d * (1 - g);
}

} // namespace troupe
