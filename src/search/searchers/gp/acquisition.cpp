#include "search/searchers/gp/acquisition.hpp"

#include "search/searchers/gp/log_ei.hpp"

#include <cmath>
#include <utility>

namespace troupe::gp {

namespace {

constexpr double negligible = 40;  ///< exp(-40) times all candidates is nothing.
constexpr Eigen::Index many = 100; ///< From so many observations on, upper bounds save time.

} // namespace

acquisition::acquisition(std::vector<goal> goals, std::uint64_t seed) : goals_{std::move(goals)} {
  if (goals_.front().process.awaited_count() > 0) sampled_.emplace(goals_, seed);
}

double acquisition::utility_of(const std::vector<prediction>& p,
                               std::vector<by_prediction>* derivatives) const {
  if (sampled_) return sampled_->value(p, derivatives);
  double sum = 0;
  for (std::size_t g = 0; g < goals_.size(); ++g) {
    const double threshold = goals_[g].threshold;
    utility u;
    if (g > 0)
      u = log_probability(p[g].mean, p[g].variance, threshold);
    else if (threshold != no_threshold)
      u = log_ei(p[g].mean, p[g].variance, threshold);
    sum += u.value;
    if (derivatives) (*derivatives)[g] = {u.by_mean, u.by_variance, {}};
  }
  return sum;
}

double acquisition::value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient) const {
  std::vector<prediction> p;
  for (const auto& g : goals_)
    p.push_back(g.process.predict(x));
  if (!gradient) return utility_of(p, nullptr);
  std::vector<by_prediction> derivatives(goals_.size());
  const double value = utility_of(p, &derivatives);
  gradient->setZero(x.size());
  for (std::size_t g = 0; g < goals_.size(); ++g)
    *gradient += goals_[g].process.gradient(x, p[g], derivatives[g]);
  return value;
}

Eigen::VectorXd acquisition::exact_values(const Eigen::MatrixXd& points) const {
  std::vector<predictions> all;
  for (const auto& g : goals_)
    all.push_back(g.process.predict_all(points));
  Eigen::VectorXd values(points.cols());
  std::vector<prediction> one(goals_.size());
  for (Eigen::Index i = 0; i < points.cols(); ++i) {
    for (std::size_t g = 0; g < goals_.size(); ++g)
      one[g] = {all[g].means[i], all[g].variances[i], all[g].pulls.col(i), {}, {}};
    values[i] = utility_of(one, nullptr);
  }
  return values;
}

/// Improvement grows with the variance, and no constraint makes it more.
Eigen::VectorXd acquisition::upper_bounds(const Eigen::MatrixXd& points) const {
  const auto& [process, threshold] = goals_.front();
  const auto rough = process.sketch(points);
  Eigen::VectorXd bounds(points.cols());
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    bounds[i] = log_ei(rough.means[i], rough.variances[i], threshold).value;
  return bounds;
}

Eigen::VectorXd acquisition::values(const Eigen::MatrixXd& points) const {
  const auto& [process, threshold] = goals_.front();
  if (sampled_ || threshold == no_threshold || process.observed_count() < many)
    return exact_values(points);
  const auto bounds = upper_bounds(points);
  Eigen::Index likely = 0;
  bounds.maxCoeff(&likely);
  const double least = value(points.col(likely)) - negligible;
  std::vector<Eigen::Index> chosen;
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    if (bounds[i] >= least) chosen.push_back(i);
  Eigen::VectorXd values = Eigen::VectorXd::Constant(points.cols(), -HUGE_VAL);
  values(chosen) = exact_values(points(Eigen::all, chosen));
  return values;
}

} // namespace troupe::gp
