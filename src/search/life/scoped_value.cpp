#include "search/life/scoped_value.hpp"

#include <cmath>
#include <numeric>

namespace troupe {

bool scoped_value::add(double value) {
  ++count_;
  switch (scope_) {
  case scope::last:
    value_ = value;
    break;
  case scope::avg: // the running mean, as Ray Tune has it
    value_ = count_ == 1
                 ? value
                 : (value + static_cast<double>(count_ - 1) * value_) / static_cast<double>(count_);
    break;
  case scope::last_5_avg:
    value_ = mean_of_last(value, 5);
    break;
  case scope::last_10_avg:
    value_ = mean_of_last(value, 10);
    break;
  case scope::all:
    if (!is_better(value)) return false;
    value_ = value;
    break;
  }
  return true;
}

bool scoped_value::is_better(double value) const noexcept {
  if (std::isnan(value) || std::isnan(value_)) return !std::isnan(value);
  return mode_ == direction::min ? value < value_ : value > value_;
}

double scoped_value::mean_of_last(double value, std::size_t window) {
  if (recent_.size() == window) recent_.erase(recent_.begin());
  recent_.push_back(value);
  return std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
}

} // namespace troupe
