#include "search/searchers/cmaes/margin.hpp"

#include "search/searchers/cmaes/normal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

cma_margin::cma_margin(const cma& es, const cma_box& box, const Eigen::VectorXd& steps,
                       double margin)
    : free_box_{box},
      margin_{margin > 0 ? margin : 1 / static_cast<double>(es.dim() * es.population())},
      stretches_{Eigen::VectorXd::Ones(es.dim())} {
  for (Eigen::Index i = 0; i < es.dim(); ++i) {
    if (steps[i] <= 0) continue;
    const double cells = (box.high[i] + steps[i] / 2 - box.low[i]) / steps[i];
    grids_.push_back({i, box.low[i], steps[i], static_cast<Eigen::Index>(std::ceil(cells))});
    free_box_.low[i] = -std::numeric_limits<double>::infinity();
    free_box_.high[i] = std::numeric_limits<double>::infinity();
  }
}

Eigen::Index cma_margin::grid::nearest(double x) const {
  const double last = static_cast<double>(size - 1);
  const auto i =
      static_cast<Eigen::Index>(std::clamp(std::floor((x - low) / step + 0.5), 0.0, last));
  // The division may have rounded to a neighbour.
  if (i > 0 && x <= border(i - 1)) return i - 1;
  if (i < size - 1 && x > border(i)) return i + 1;
  return i;
}

Eigen::VectorXd cma_margin::evaluated(const cma& es, Eigen::VectorXd x) const {
  for (const auto& g : grids_) {
    const double mean = es.mean()[g.at];
    x[g.at] = g.value(g.nearest((x[g.at] - mean) * stretches_[g.at] + mean));
  }
  return x;
}

void cma_margin::correct(cma& es) {
  Eigen::VectorXd mean = es.mean();
  const Eigen::VectorXd deviations = es.sigma() * es.shape().variances().cwiseSqrt();
  for (const auto& g : grids_)
    correct(g, deviations[g.at], mean[g.at]);
  es.set_mean(std::move(mean));
}

void cma_margin::correct(const grid& g, double deviation, double& mean) {
  double& stretch = stretches_[g.at];
  const auto cell = g.nearest(mean);
  const double low = g.border(std::clamp<Eigen::Index>(cell - 1, 0, g.size - 2));
  const double high = g.border(std::clamp<Eigen::Index>(cell, 0, g.size - 2));
  const double scale = deviation * stretch;
  double below = normal_cdf((low - mean) / scale);
  double above = 1 - normal_cdf((high - mean) / scale);

  if (std::max(below, above) > 0.5) { // the mean is in the first or last cell
    if (std::min(below, above) >= margin_) return;
    const double side = mean > high ? 1 : mean < high ? -1 : 0;
    mean = high + side * scale * normal_upper_quantile(margin_);
    return;
  }

  // Both sides get at least half the margin; what that adds is taken from what exceeds it.
  const double between = 1 - (below + above);
  const double half = margin_ / 2;
  below = std::max(below, half);
  above = std::max(above, half);
  const double total = below + between + above;
  const auto corrected = [&](double side) {
    const double share = side + (1 - total) * (side - half) / (total - 3 * half);
    return normal_upper_quantile(std::clamp(share, 1e-10, 0.5 - 1e-10));
  };
  const double to_low = corrected(below);
  const double to_high = corrected(above);
  stretch = (high - low) / ((to_low + to_high) * deviation);
  mean = (low * to_high + high * to_low) / (to_low + to_high);
}

} // namespace troupe
