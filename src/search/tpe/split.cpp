#include "search/tpe/split.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::tpe {

namespace {

double orderable(double loss) {
  return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
}

} // namespace

standing completed(row_number n, double loss) {
  return {orderable(loss), 0, n, standing::tier::completed};
}

standing stopped(row_number n, const std::optional<last_report>& last) {
  if (!last) return {1, 0, n, standing::tier::stopped};
  return {-static_cast<double>(last->iteration), orderable(last->loss), n, standing::tier::stopped};
}

standing infeasible(row_number n, double violation) {
  return {violation, 0, n, standing::tier::infeasible};
}

std::size_t split::gamma(std::size_t n) noexcept {
  return std::min<std::size_t>((n + 9) / 10, 25);
}

std::vector<split::move> split::add(const standing& s) {
  const auto place = std::lower_bound(ranking_.begin(), ranking_.end(), s);
  const bool is_below = static_cast<std::size_t>(place - ranking_.begin()) < below_;
  ranking_.insert(place, s);
  std::vector<move> moves{{s.number, is_below ? side::below : side::above}};
  below_ += is_below ? 1 : 0;
  const std::size_t wanted = gamma(ranking_.size());
  for (; below_ < wanted; ++below_)
    moves.push_back({ranking_[below_].number, side::below});
  for (; below_ > wanted; --below_)
    moves.push_back({ranking_[below_ - 1].number, side::above});
  return moves;
}

} // namespace troupe::tpe
