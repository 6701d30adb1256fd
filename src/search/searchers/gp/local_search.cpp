#include "search/searchers/gp/local_search.hpp"

#include "search/numbers/lbfgs.hpp"

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace troupe::gp {

namespace {

constexpr double flat_slope = 1e-2; ///< The slope per length scale at which L-BFGS ends.
constexpr int most_line_evaluations = 200;
constexpr int most_rounds = 100;
constexpr double few = 16; ///< So many values of a grid are all tried.

/// The acquisition along a grid, between whose values it is interpolated.
class grid_line {
public:
  grid_line(const acquisition& a, const candidate& at, const dimension& d, Eigen::Index column)
      : acquisition_{a},
        x_{at.x},
        dimension_{d},
        column_{column},
        best_{from_input(d, at.x[column])},
        best_value_{at.value} {
    known_.emplace(best_, best_value_);
  }

  /// Brent's method between two values of the grid.
  void search(double low, double high) {
    if (!(low < high)) return;
    const auto& d = dimension_;
    const double gap = std::max(d.to_coordinate(d.high) - d.to_coordinate(d.high - d.step), 1e-9);
    const auto bits = static_cast<int>(std::clamp(std::ceil(3 - std::log2(gap)), 4.0, 26.0));
    boost::math::tools::brent_find_minima([this](double u) { return -between(u); },
                                          d.to_coordinate(low), d.to_coordinate(high), bits);
  }

  /// Returns the best value of the grid that was seen.
  double best() const noexcept { return best_; }
  double best_value() const noexcept { return best_value_; }

private:
  double at(double own) {
    const auto [found, is_new] = known_.try_emplace(own);
    if (!is_new) return found->second;
    x_[column_] = to_input(dimension_, own);
    found->second = acquisition_.value(x_);
    if (found->second > best_value_) {
      best_ = own;
      best_value_ = found->second;
    }
    return found->second;
  }

  double between(double u) {
    const auto& d = dimension_;
    const double near = d.from_coordinate(u);
    const double from = d.to_coordinate(near);
    const double other = d.from_coordinate(
        d.to_coordinate(std::clamp(u < from ? near - d.step : near + d.step, d.low, d.high)));
    if (other == near) return at(near);
    const double share = (u - from) / (d.to_coordinate(other) - from);
    return (1 - share) * at(near) + share * at(other);
  }

  const acquisition& acquisition_;
  Eigen::VectorXd x_;
  const dimension& dimension_;
  Eigen::Index column_;
  double best_;
  double best_value_;
  std::map<double, double> known_;
};

} // namespace

double to_input(const dimension& d, double x) {
  return d.categorical() ? x : d.to_coordinate(x);
}

double from_input(const dimension& d, double input) {
  return d.categorical() ? input : d.from_coordinate(input);
}

local_search::local_search(const acquisition& a, const std::vector<dimension>& space)
    : acquisition_{a},
      space_{space} {
  for (std::size_t d = 0; d < space.size(); ++d)
    if (std::isinf(space[d].count()))
      continuous_.push_back(static_cast<Eigen::Index>(d));
    else
      discrete_.push_back(d);
  lengths_ = a.lengths()(continuous_).matrix();
}

bool local_search::climb_slope(candidate& at) const {
  if (continuous_.empty()) return false;
  Eigen::VectorXd x = at.x;
  const auto place = [&](const Eigen::VectorXd& scaled) {
    x(continuous_) = scaled.cwiseProduct(lengths_).cwiseMin(1).cwiseMax(0);
  };
  Eigen::VectorXd slope;
  const auto descend = [&](const Eigen::VectorXd& scaled, Eigen::VectorXd& gradient) {
    place(scaled);
    const double value = acquisition_.value(x, &slope);
    gradient = -slope(continuous_).cwiseProduct(lengths_);
    return -value;
  };
  const descent_limits limits{Eigen::VectorXd::Zero(lengths_.size()), lengths_.cwiseInverse(),
                              flat_slope, 0, most_line_evaluations};
  const auto found = minimise(descend, at.x(continuous_).cwiseQuotient(lengths_), limits);
  if (!(-found.value > at.value)) return false;
  place(found.x);
  at = {x, -found.value};
  return true;
}

bool local_search::try_values(candidate& at, std::size_t column) const {
  const auto& d = space_[column];
  const auto place = static_cast<Eigen::Index>(column);
  const double here = from_input(d, at.x[place]);
  bool moved = false;
  Eigen::VectorXd x = at.x;
  for (double i = 0; i < d.count(); ++i) {
    const double own = d.categorical() ? i : d.from_coordinate(d.to_coordinate(d.low + i * d.step));
    if (own == here) continue;
    x[place] = to_input(d, own);
    const double value = acquisition_.value(x);
    if (!(value > at.value)) continue;
    at = {x, value};
    moved = true;
  }
  return moved;
}

bool local_search::search_line(candidate& at, std::size_t column) const {
  const auto& d = space_[column];
  const auto place = static_cast<Eigen::Index>(column);
  const double here = from_input(d, at.x[place]);
  grid_line line{acquisition_, at, d, place};
  line.search(d.low, here);
  line.search(here, d.high);
  if (!(line.best_value() > at.value)) return false;
  at.x[place] = to_input(d, line.best());
  at.value = line.best_value();
  return true;
}

candidate local_search::climb(Eigen::VectorXd x) const {
  const double value = acquisition_.value(x);
  candidate at{std::move(x), value};
  constexpr auto slope = std::numeric_limits<std::size_t>::max();
  std::size_t last_changed = slope;
  for (int round = 0; round < most_rounds; ++round) {
    if (climb_slope(at)) last_changed = slope;
    for (const std::size_t column : discrete_) {
      if (column == last_changed) return at;
      const auto& d = space_[column];
      const bool all = d.categorical() || d.count() <= few;
      if (all ? try_values(at, column) : search_line(at, column)) last_changed = column;
    }
    if (last_changed == slope) return at;
  }
  return at;
}

} // namespace troupe::gp
