#include "search/numbers/lbfgs.hpp"

#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <nlopt.h>

namespace troupe::gp {

namespace {

using optimizer = std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)>;

/// What NLopt's calls of the function leave behind.
struct course {
  const smooth_function& f;
  const descent_limits& limits;
  nlopt_opt running;
  descent best;
  bool flat = false; ///< At the best point.
  std::exception_ptr thrown = nullptr;

  /// Returns the largest component of the gradient that does not point out of the box.
  double steepest(const Eigen::VectorXd& x, const Eigen::VectorXd& gradient) const {
    double largest = 0;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const bool blocked = gradient[i] > 0 ? x[i] <= limits.low[i] : x[i] >= limits.high[i];
      if (!blocked) largest = std::max(largest, std::abs(gradient[i]));
    }
    return largest;
  }

  double evaluate(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    const double value = f(x, gradient);
    if (std::isnan(value) || !gradient.allFinite()) {
      nlopt_force_stop(running);
      return std::numeric_limits<double>::max();
    }
    if (value < best.value) best = {x, value, false};
    if (steepest(x, gradient) <= limits.gradient) {
      flat = best.value == value;
      nlopt_force_stop(running);
    }
    return value;
  }
};

/// Exceptions must not pass through NLopt, which is written in C.
double call(unsigned n, const double* x, double* gradient, void* data) noexcept {
  auto& c = *static_cast<course*>(data);
  const auto size = static_cast<Eigen::Index>(n);
  try {
    Eigen::VectorXd slope(size);
    const double value = c.evaluate(Eigen::Map<const Eigen::VectorXd>(x, size), slope);
    if (gradient) Eigen::Map<Eigen::VectorXd>(gradient, size) = slope;
    return value;
  } catch (...) {
    c.thrown = std::current_exception();
    nlopt_force_stop(c.running);
    return std::numeric_limits<double>::max();
  }
}

} // namespace

descent minimise(const smooth_function& f, Eigen::VectorXd start, const descent_limits& limits) {
  start = start.cwiseMax(limits.low).cwiseMin(limits.high);
  const auto engine =
      optimizer{nlopt_create(NLOPT_LD_LBFGS, static_cast<unsigned>(start.size())), nlopt_destroy};
  course c{f, limits, engine.get(), {start, std::numeric_limits<double>::infinity(), false}};
  nlopt_set_min_objective(engine.get(), call, &c);
  nlopt_set_lower_bounds(engine.get(), limits.low.data());
  nlopt_set_upper_bounds(engine.get(), limits.high.data());
  nlopt_set_ftol_abs(engine.get(), limits.gain);
  nlopt_set_maxeval(engine.get(), limits.evaluations);
  double value = 0;
  const auto result = nlopt_optimize(engine.get(), start.data(), &value);
  if (c.thrown) std::rethrow_exception(c.thrown);
  c.best.failed = !c.flat && result < 0 && result != NLOPT_ROUNDOFF_LIMITED;
  return std::move(c.best);
}

} // namespace troupe::gp
