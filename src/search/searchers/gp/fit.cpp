#include "search/searchers/gp/fit.hpp"

#include "search/numbers/factor.hpp"
#include "search/numbers/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::gp {

namespace {

constexpr double flat = 1e-2;   ///< The gradient at which the search ends.
constexpr double little = 1e-2; ///< Nobody can tell densities apart whose logarithms differ so.
constexpr int most_evaluations = 200;

/// Of the parameters' logarithms. The priors leave nothing beyond, and a line search that goes too
/// far still finds a matrix that can be factored.
constexpr double lowest_log = -20;
constexpr double highest_log = 10;

kernel_parameters default_parameters(Eigen::Index columns, bool exact) {
  return {Eigen::ArrayXd::Ones(columns), 1, exact ? least_noise : 1};
}

/// Returns units in which the misfit's curvature is about 1, so that already the first step of
/// L-BFGS, which knows no curvature yet, has a good length. There is about one of it for each
/// observation; less in the direction of the noise, which few of them can tell from none.
Eigen::VectorXd units(const observations& data) {
  const auto n = static_cast<double>(data.values.size());
  Eigen::VectorXd units = Eigen::VectorXd::Constant(data.points.cols() + 2, 1 / std::sqrt(n));
  units[data.points.cols() + 1] = std::pow(n, -0.25);
  return units;
}

/// The covariances of all pairs and their derivatives by q: lower triangles.
struct pair_terms {
  Eigen::MatrixXd covariances, slopes;
};

pair_terms terms_of_pairs(const kernel& k, const Eigen::MatrixXd& points) {
  const Eigen::Index n = points.rows();
  pair_terms t{Eigen::MatrixXd::Zero(n, n), Eigen::MatrixXd::Zero(n, n)};
  for (Eigen::Index j = 0; j < n; ++j) {
    auto both = k.with_slopes(k.distances(points, points.row(j), n - j));
    t.covariances.col(j).tail(n - j) = both.covariances;
    t.slopes.col(j).tail(n - j) = both.slopes;
  }
  return t;
}

/// Returns half the trace of m times the derivative of the covariances by each relevance. What
/// belongs to a pair stands in `weights` once, below the diagonal.
Eigen::ArrayXd by_relevances(const kernel& k, const Eigen::MatrixXd& points,
                             const Eigen::MatrixXd& weights) {
  Eigen::ArrayXd sums = Eigen::ArrayXd::Zero(points.cols());
  for (Eigen::Index j = 0; j + 1 < points.rows(); ++j) {
    const Eigen::Index below = points.rows() - j - 1;
    for (Eigen::Index d = 0; d < points.cols(); ++d)
      sums[d] +=
          (k.differences(points, points(j, d), d, below) * weights.col(j).tail(below).array())
              .sum();
  }
  return sums;
}

} // namespace

double log_prior(const kernel_parameters& p) {
  return -(0.1 / p.relevances + 0.1 * p.relevances).sum() + std::log(p.scale) - p.scale +
         0.1 * std::log(p.noise) - 30 * p.noise;
}

kernel_parameters misfit::parameters(const Eigen::VectorXd& logs) const {
  const Eigen::Index d = logs.size() - 2;
  return {logs.head(d).array().exp(), std::exp(logs[d]),
          exact_ ? least_noise : std::exp(logs[d + 1]) + least_noise};
}

Eigen::VectorXd misfit::logs(const kernel_parameters& p) const {
  const Eigen::Index d = p.relevances.size();
  Eigen::VectorXd logs(d + 2);
  logs << p.relevances.log().matrix(), std::log(p.scale),
      std::log(std::max(p.noise - least_noise, std::exp(lowest_log)));
  return logs;
}

double misfit::operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& gradient) const {
  const auto p = parameters(logs);
  const kernel k{p, data_.categorical};
  const auto pairs = terms_of_pairs(k, data_.points);
  Eigen::MatrixXd c = pairs.covariances;
  c.diagonal().array() += p.noise;
  const auto f = factor(std::move(c));
  if (!f) return std::numeric_limits<double>::quiet_NaN();
  const Eigen::VectorXd white = f->inverse.triangularView<Eigen::Lower>() * data_.values;
  const Eigen::VectorXd weights = f->inverse.transpose().triangularView<Eigen::Upper>() * white;

  Eigen::MatrixXd m = squared(f->inverse); // less weights weightsᵀ: the derivative by C, twice
  m.selfadjointView<Eigen::Lower>().rankUpdate(weights, -1);
  const double trace = m.diagonal().sum();
  const double below = m.triangularView<Eigen::StrictlyLower>()
                           .toDenseMatrix()
                           .cwiseProduct(pairs.covariances)
                           .sum();
  const Eigen::Index d = data_.points.cols();
  gradient.head(d) = (by_relevances(k, data_.points, m.cwiseProduct(pairs.slopes)) -
                      0.1 / p.relevances.square() + 0.1) *
                     p.relevances;
  gradient[d] = below + p.scale * trace / 2 - 1 + p.scale;
  gradient[d + 1] = exact_ ? 0 : (p.noise - least_noise) * (trace / 2 - 0.1 / p.noise + 30);
  return white.squaredNorm() / 2 + f->log_det - log_prior(p);
}

kernel_parameters fit(const observations& data, bool exact,
                      const std::optional<kernel_parameters>& start) {
  const misfit f{data, exact};
  const auto unit = units(data);
  const auto scaled = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    const double value = f(x.cwiseProduct(unit), gradient);
    gradient = gradient.cwiseProduct(unit);
    return value;
  };
  const descent_limits limits{lowest_log * unit.cwiseInverse(), highest_log * unit.cwiseInverse(),
                              flat * unit.minCoeff(), little, most_evaluations};
  auto ones = default_parameters(data.points.cols(), exact);
  for (const auto& begin : {start.value_or(ones), ones})
    if (const auto found = minimise(scaled, f.logs(begin).cwiseQuotient(unit), limits);
        !found.failed)
      return f.parameters(found.x.cwiseProduct(unit));
  return ones;
}

} // namespace troupe::gp
