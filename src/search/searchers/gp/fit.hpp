#pragma once

#include "search/searchers/gp/kernel.hpp"

#include <Eigen/Core>
#include <optional>
#include <vector>

namespace troupe::gp {

/// No fitted noise is below this.
constexpr double least_noise = 1e-6;

/// What a fit is made to.
struct observations {
  Eigen::MatrixXd points;        ///< A row each; from 0 to 1, in categorical columns the choice.
  Eigen::VectorXd values;        ///< Standardised.
  std::vector<bool> categorical; ///< Per column.
};

/// Returns the logarithm of the parameters' prior density, up to a constant:
/// Σ -(0.1 / relevance + 0.1 relevance), scale ~ Gamma(2, 1), noise ~ Gamma(1.1, 30).
double log_prior(const kernel_parameters& p);

/// The negative logarithm of the posterior density of the parameters, up to a constant, as a
/// function of the logarithms of the relevances, of the scale and of the noise less least_noise,
/// in this order.
class misfit {
public:
  /// `exact`: there is no noise; it stays at least_noise.
  misfit(const observations& data, bool exact) : data_{data}, exact_{exact} {}

  kernel_parameters parameters(const Eigen::VectorXd& logs) const;
  Eigen::VectorXd logs(const kernel_parameters& p) const;

  /// Returns the value and sets `gradient`; NaN if the covariance matrix cannot be factored.
  double operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& gradient) const;

private:
  const observations& data_;
  bool exact_;
};

/// Returns the most probable parameters. The search begins at `start`, or else, and if that fails,
/// at ones; if that fails too, ones are the result.
kernel_parameters fit(const observations& data, bool exact,
                      const std::optional<kernel_parameters>& start);

} // namespace troupe::gp
