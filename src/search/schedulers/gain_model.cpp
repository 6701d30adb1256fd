#include "search/schedulers/gain_model.hpp"

#include "search/numbers/factor.hpp"
#include "search/numbers/lbfgs.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace troupe {

namespace {

using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index context = 2; ///< The first columns of a point: time and reward.
constexpr double tiny = 1e-8;
constexpr int fit_evaluations = 100;
constexpr int search_evaluations = 200;
constexpr int starts = 10;

/// The covariance's parameters, as they are fitted.
struct gain_covariance {
  double variance = 1;
  double length = 1;
  double forgetting = 0.1; ///< e, of time.
  double noise = 0.1;

  explicit gain_covariance(const VectorXd& fitted)
      : variance{std::exp(fitted[0])},
        length{std::exp(fitted[1])},
        forgetting{fitted[2]},
        noise{std::exp(fitted[3])} {}
};

/// What the distances of points come to: squared ones of reward and settings, and those of time.
struct distances {
  ArrayXXd squared, time;
};

distances distances_of(const MatrixXd& a, const MatrixXd& b) {
  distances d{ArrayXXd::Zero(a.rows(), b.rows()), ArrayXXd(a.rows(), b.rows())};
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < b.rows(); ++j) {
      d.time(i, j) = std::abs(a(i, 0) - b(j, 0));
      d.squared(i, j) = (a.row(i).tail(a.cols() - 1) - b.row(j).tail(b.cols() - 1)).squaredNorm();
    }
  return d;
}

ArrayXXd covariances(const distances& d, const gain_covariance& c) {
  return c.variance * (-d.squared / c.length + 0.5 * std::log(1 - c.forgetting) * d.time).exp();
}

MatrixXd inverse_of(const gp::factored& f) {
  return gp::squared(f.inverse).selfadjointView<Eigen::Lower>();
}

std::optional<gp::factored> factored_with_noise(ArrayXXd k, double noise) {
  k.matrix().diagonal().array() += noise;
  return gp::factor(k.matrix());
}

/// Returns minus the logarithm of the likelihood, and how it changes.
double misfit(const distances& d, const VectorXd& y, const VectorXd& fitted, VectorXd& slope) {
  const gain_covariance c{fitted};
  const ArrayXXd k = covariances(d, c);
  const auto f = factored_with_noise(k, c.noise);
  if (!f) return std::numeric_limits<double>::quiet_NaN();
  const MatrixXd inverse = inverse_of(*f);
  const VectorXd weights = inverse * y;
  const ArrayXXd pull = 0.5 * (inverse - weights * weights.transpose()).array();
  slope[0] = (pull * k).sum();
  slope[1] = (pull * k * d.squared).sum() / c.length;
  slope[2] = (pull * k * d.time).sum() * -0.5 / (1 - c.forgetting);
  slope[3] = pull.matrix().trace() * c.noise;
  return 0.5 * y.dot(weights) + f->log_det;
}

gain_covariance fit(const MatrixXd& points, const VectorXd& y) {
  const auto d = distances_of(points, points);
  VectorXd start(4), low(4), high(4);
  start << 0, 0, 0.1, std::log(0.1);
  low << std::log(1e-3), std::log(1e-3), 1e-5, std::log(1e-4);
  high << std::log(1e3), std::log(1e1), 0.5, 0;
  const auto f = [&](const VectorXd& x, VectorXd& slope) { return misfit(d, y, x, slope); };
  return gain_covariance{gp::minimise(f, start, {low, high, 1e-4, 0, fit_evaluations}).x};
}

/// Brings a column from 0 to 1; returns where `x` then is.
double spread(Eigen::Ref<VectorXd> column, double x) {
  const double low = column.minCoeff();
  const double range = column.maxCoeff() - low + tiny;
  column = (column.array() - low) / range;
  return (x - low) / range;
}

VectorXd standardised(const VectorXd& y) {
  const Eigen::ArrayXd centred = y.array() - y.mean();
  const double deviation = std::sqrt(centred.square().mean());
  return (centred / (deviation + tiny)).max(-2).min(2);
}

/// The gains that settings promise a trial.
class promise {
public:
  promise(MatrixXd points, const VectorXd& y, MatrixXd with_others, const gain_covariance& c)
      : points_{std::move(points)},
        all_{std::move(with_others)},
        covariance_{c} {
    weights_ = inverse(points_) * y;
    inverse_ = inverse(all_);
    const auto n = static_cast<double>(points_.rows());
    boldness_ = std::sqrt(0.2 + std::max(0.0, std::log(0.4 * n)));
  }

  /// Returns minus what `x`, time, reward and settings, promises; `slope` is by the settings.
  double operator()(const VectorXd& x, VectorXd& slope) const {
    const VectorXd k = covariances(distances_of(all_, x.transpose()), covariance_).matrix();
    const VectorXd pulled = inverse_ * k;
    // The records are the first of all points.
    VectorXd by_covariance = -2 * boldness_ * pulled;
    by_covariance.head(weights_.size()) += weights_;
    for (Index j = 0; j < slope.size(); ++j) {
      const Index column = context + j;
      const Eigen::ArrayXd steps = -2 * (x[column] - all_.col(column).array()) / covariance_.length;
      slope[j] = -(by_covariance.array() * k.array() * steps).sum();
    }
    const double variance = covariance_.variance - k.dot(pulled);
    return -(weights_.dot(k.head(weights_.size())) + boldness_ * variance);
  }

private:
  /// The noise has a lower bound, so that the covariances can be factored.
  MatrixXd inverse(const MatrixXd& points) const {
    return inverse_of(factored_with_noise(covariances(distances_of(points, points), covariance_),
                                          covariance_.noise)
                          .value());
  }

  MatrixXd points_, all_;
  gain_covariance covariance_;
  VectorXd weights_;
  MatrixXd inverse_;
  double boldness_;
};

VectorXd best_settings(const promise& p, const VectorXd& now, Index count, random_stream& random) {
  VectorXd best;
  double least = std::numeric_limits<double>::infinity();
  const auto f = [&](const VectorXd& settings, VectorXd& slope) {
    VectorXd x(context + count);
    x << now, settings;
    return p(x, slope);
  };
  for (int i = 0; i < starts; ++i) {
    VectorXd start(count);
    for (double& x : start)
      x = random.uniform();
    const auto found = gp::minimise(
        f, start, {VectorXd::Zero(count), VectorXd::Ones(count), 1e-6, 0, search_evaluations});
    if (best.size() == 0 || found.value < least) {
      best = found.x;
      least = found.value;
    }
  }
  return best;
}

} // namespace

std::vector<double> most_promising(const std::vector<gain_record>& data, double time, double reward,
                                   const std::vector<std::vector<double>>& others,
                                   random_stream& random) {
  const auto rows = static_cast<Index>(data.size());
  const auto count = static_cast<Index>(data.front().settings.size());
  MatrixXd points(rows, context + count);
  VectorXd y(rows);
  for (Index i = 0; i < rows; ++i) {
    const auto& record = data[static_cast<std::size_t>(i)];
    points(i, 0) = record.time;
    points(i, 1) = record.reward;
    points.row(i).tail(count) = Eigen::Map<const Eigen::RowVectorXd>(record.settings.data(), count);
    y[i] = record.gain;
  }
  VectorXd now(context);
  now << spread(points.col(0), time), spread(points.col(1), reward);
  y = standardised(y);
  const auto covariance = fit(points, y);

  MatrixXd all(rows + static_cast<Index>(others.size()), points.cols());
  all.topRows(rows) = points;
  for (std::size_t i = 0; i < others.size(); ++i) {
    auto row = all.row(rows + static_cast<Index>(i));
    row << now.transpose(), Eigen::Map<const Eigen::RowVectorXd>(others[i].data(), count);
  }
  const promise p{std::move(points), y, std::move(all), covariance};
  const auto best = best_settings(p, now, count, random);
  return {best.begin(), best.end()};
}

} // namespace troupe
