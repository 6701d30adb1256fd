#include "search/searchers/gp/sampled.hpp"

#include "search/numbers/sobol.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <numbers>

namespace troupe::gp {

namespace {

constexpr double least_improvement = 1e-12; ///< Its logarithm is finite.
constexpr double softness = 0.01;           ///< Of a constraint's threshold, in deviations.

/// The logarithm of 1 / (1 + exp(-x)).
double log_sigmoid(double x) {
  return std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x)));
}

double log_mean_exp(const Eigen::ArrayXd& x) {
  const double most = x.maxCoeff();
  return most + std::log((x - most).exp().mean());
}

} // namespace

Eigen::MatrixXd normal_samples(Eigen::Index dim, Eigen::Index count, std::uint64_t seed) {
  using boost::math::policies::promote_double;
  constexpr auto in_doubles = boost::math::policies::policy<promote_double<false>>{};
  const sobol_sequence sobol{static_cast<std::size_t>(dim), seed};
  Eigen::MatrixXd normals(dim, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto point = sobol.point(static_cast<std::uint32_t>(i));
    for (Eigen::Index d = 0; d < dim; ++d) {
      const double inside = point[static_cast<std::size_t>(d)] + 0x1p-33; // never 0
      normals(d, i) = std::numbers::sqrt2 * boost::math::erf_inv(2 * inside - 1, in_doubles);
    }
  }
  return normals;
}

Eigen::ArrayXd sampled_utility::term::values(const prediction& p) const {
  const Eigen::Index awaited = normals.rows() - 1;
  return (normals.topRows(awaited).transpose() * p.pulls +
          std::sqrt(p.variance) * normals.row(awaited).transpose())
             .array() +
         p.mean;
}

void sampled_utility::term::add(const Eigen::ArrayXd& values, Eigen::ArrayXd& sum,
                                Eigen::ArrayXd* slopes) const {
  if (slopes) slopes->setZero(values.size());
  if (threshold == no_threshold) return;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const double above = values[i] - threshold;
    const double log_share = objective ? 0 : log_sigmoid(above / softness);
    sum[i] += objective ? std::log(std::max(above, least_improvement)) : log_share;
    if (!slopes) continue;
    if (!objective)
      (*slopes)[i] = -std::expm1(log_share) / softness;
    else if (above > least_improvement)
      (*slopes)[i] = 1 / above;
  }
}

by_prediction sampled_utility::term::derivatives(const prediction& p,
                                                 const Eigen::ArrayXd& weights) const {
  const Eigen::Index awaited = normals.rows() - 1;
  const Eigen::VectorXd pushes = normals * weights.matrix();
  return {weights.sum(), pushes[awaited] / (2 * std::sqrt(p.variance)), pushes.head(awaited)};
}

sampled_utility::sampled_utility(const std::vector<goal>& goals, std::uint64_t seed,
                                 Eigen::Index count) {
  const Eigen::Index awaited = goals.front().process.awaited_count();
  const auto size = static_cast<Eigen::Index>(goals.size());
  // The same axis of two sequences, scrambled in two ways, would not be independent.
  const auto normals = normal_samples(size * (awaited + 1), count, seed);
  Eigen::ArrayXXd utilities = Eigen::ArrayXXd::Zero(count, awaited);
  for (std::size_t g = 0; g < goals.size(); ++g) {
    const Eigen::Index first = static_cast<Eigen::Index>(g) * (awaited + 1);
    terms_.push_back({goals[g].threshold, g == 0, normals.middleRows(first, awaited + 1)});
    const auto& t = terms_.back();
    Eigen::ArrayXXd values(awaited, count);
    for (Eigen::Index i = 0; i < count; ++i)
      values.col(i) = goals[g].process.awaited(t.normals.col(i));
    for (Eigen::Index j = 0; j < awaited; ++j) {
      Eigen::ArrayXd sum = utilities.col(j);
      t.add(values.row(j), sum, nullptr);
      utilities.col(j) = sum;
    }
  }
  others_ = utilities.rowwise().maxCoeff();
}

double sampled_utility::value(const std::vector<prediction>& p,
                              std::vector<by_prediction>* derivatives) const {
  Eigen::ArrayXd own = Eigen::ArrayXd::Zero(others_.size());
  std::vector<Eigen::ArrayXd> slopes(terms_.size());
  for (std::size_t t = 0; t < terms_.size(); ++t)
    terms_[t].add(terms_[t].values(p[t]), own, derivatives ? &slopes[t] : nullptr);
  const Eigen::ArrayXd best = own.max(others_);
  const double value = log_mean_exp(best);
  if (!derivatives) return value;
  const auto count = static_cast<double>(best.size());
  const Eigen::ArrayXd weights = (own > others_).cast<double>() * (best - value).exp() / count;
  for (std::size_t t = 0; t < terms_.size(); ++t)
    (*derivatives)[t] = terms_[t].derivatives(p[t], weights * slopes[t]);
  return value;
}

} // namespace troupe::gp
