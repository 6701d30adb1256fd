#include "search/searchers/cmaes/covariance.hpp"

#include <Eigen/Eigenvalues>
#include <utility>

namespace troupe {

namespace {

/// Stands in for a variance that rounding has made negative, and keeps quotients finite.
constexpr double tiny = 1e-8;

/// Returns how much of the old C stays.
double kept_share(const cma_strategy& s, const covariance_lesson& lesson) {
  const double missed = lesson.path_stalled ? s.c1 * s.cc * (2 - s.cc) : 0;
  return 1 + missed - s.c1 - s.cmu * s.weights.sum();
}

class full_covariance final : public covariance {
public:
  explicit full_covariance(Eigen::MatrixXd c) : c_{std::move(c)} {}

  Eigen::VectorXd stretch(const Eigen::VectorXd& z) override {
    factorise();
    return b_ * d_.cwiseProduct(z);
  }

  Eigen::VectorXd whiten(const Eigen::VectorXd& y) override {
    factorise();
    return b_ * (b_.transpose() * y).cwiseQuotient(d_);
  }

  void learn(const cma_strategy& s, const covariance_lesson& lesson) override {
    const Eigen::VectorXd w = step_weights(s, lesson.steps);
    c_ *= kept_share(s, lesson);
    c_.noalias() += s.c1 * lesson.path * lesson.path.transpose();
    weighted_ = lesson.steps * (s.cmu * w).asDiagonal();
    c_.noalias() += weighted_ * lesson.steps.transpose();
    is_factorised_ = false;
  }

  Eigen::VectorXd variances() const override { return c_.diagonal(); }

  const Eigen::VectorXd& deviations() override {
    factorise();
    return d_;
  }

  Eigen::VectorXd axis(Eigen::Index i) override {
    factorise();
    return d_[i] * b_.col(i);
  }

  Eigen::MatrixXd matrix() const override { return c_; }

  Eigen::MatrixXd inverse_root() override {
    factorise();
    return b_ * d_.cwiseInverse().asDiagonal() * b_.transpose();
  }

  void assign(const Eigen::MatrixXd& c) override {
    c_ = c;
    is_factorised_ = false;
  }

private:
  /// Returns the weights, the negative ones scaled by the length of their steps, so that no step
  /// can take more from C than is there (equation 46).
  Eigen::VectorXd step_weights(const cma_strategy& s, const Eigen::MatrixXd& steps) {
    factorise();
    Eigen::VectorXd w = s.weights;
    // The rotation back, B, is left out: it changes no length.
    const Eigen::Index rest = w.size() - s.parents;
    weighted_.noalias() = b_.transpose() * steps.rightCols(rest);
    const Eigen::VectorXd lengths =
        (d_.cwiseInverse().asDiagonal() * weighted_).colwise().squaredNorm();
    for (Eigen::Index i = 0; i < rest; ++i)
      if (double& x = w[s.parents + i]; x < 0)
        x *= static_cast<double>(c_.rows()) / (lengths[i] + tiny);
    return w;
  }

  void factorise() {
    if (is_factorised_) return;
    c_ = (0.5 * (c_ + c_.transpose())).eval();
    solver_.compute(c_);
    const Eigen::VectorXd& squares = solver_.eigenvalues();
    b_ = solver_.eigenvectors();
    d_ = (squares.array() < 0).select(tiny, squares).cwiseSqrt();
    if (squares[0] < 0) c_ = b_ * d_.cwiseAbs2().asDiagonal() * b_.transpose();
    is_factorised_ = true;
  }

  Eigen::MatrixXd c_;
  Eigen::MatrixXd b_;
  Eigen::VectorXd d_;
  Eigen::MatrixXd weighted_; ///< Keeps its memory between generations, as solver_ does.
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver_;
  bool is_factorised_ = false;
};

class diagonal_covariance final : public covariance {
public:
  explicit diagonal_covariance(Eigen::Index dim) { set(Eigen::VectorXd::Ones(dim)); }

  Eigen::VectorXd stretch(const Eigen::VectorXd& z) override { return d_.cwiseProduct(z); }
  Eigen::VectorXd whiten(const Eigen::VectorXd& y) override { return y.cwiseQuotient(d_); }

  void learn(const cma_strategy& s, const covariance_lesson& lesson) override {
    const auto parents = lesson.steps.leftCols(s.parents).cwiseAbs2();
    set(kept_share(s, lesson) * c_ + s.c1 * lesson.path.cwiseAbs2() +
        s.cmu * (parents * s.weights));
  }

  Eigen::VectorXd variances() const override { return c_; }
  const Eigen::VectorXd& deviations() override { return d_; }

  // Not the axis itself, as the vectors have it: D_i in every coordinate.
  Eigen::VectorXd axis(Eigen::Index i) override {
    return Eigen::VectorXd::Constant(d_.size(), d_[i]);
  }

  Eigen::MatrixXd matrix() const override { return c_.asDiagonal(); }
  Eigen::MatrixXd inverse_root() override { return d_.cwiseInverse().asDiagonal(); }
  void assign(const Eigen::MatrixXd& c) override { set(c.diagonal()); }

private:
  void set(const Eigen::VectorXd& c) {
    c_ = c;
    d_ = (c_.array() < 0).select(tiny, c_).cwiseSqrt();
  }

  Eigen::VectorXd c_;
  Eigen::VectorXd d_;
};

} // namespace

std::unique_ptr<covariance> make_full_covariance(Eigen::MatrixXd c) {
  return std::make_unique<full_covariance>(std::move(c));
}

std::unique_ptr<covariance> make_diagonal_covariance(Eigen::Index dim) {
  return std::make_unique<diagonal_covariance>(dim);
}

} // namespace troupe
