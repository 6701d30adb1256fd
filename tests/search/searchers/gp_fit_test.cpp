#include "search/gp_kit.hpp"
#include "search/numbers/factor.hpp"
#include "search/numbers/lbfgs.hpp"
#include "search/searchers/gp/fit.hpp"

#include <doctest/doctest.h>

#include <Eigen/LU>
#include <numbers>

using namespace troupe;
using namespace troupe::gp;

namespace {

/// Returns a function drawn from the process with the parameters `p`, observed at random points.
observations drawn(const kernel_parameters& p, Eigen::Index n, std::uint64_t seed) {
  random_stream random{seed, 0, "test"};
  auto data = random_observations(
      n, std::vector<bool>(static_cast<std::size_t>(p.relevances.size()), false), random);
  Eigen::MatrixXd c = dense_covariances(p, data, data.points, data.points);
  c.diagonal().array() += p.noise;
  data.values = c.llt().matrixL() * data.values;
  return data;
}

} // namespace

TEST_CASE("a covariance matrix is taken apart, whatever its size") {
  random_stream random{1, 0, "test"};
  for (const Eigen::Index n : {1, 2, 31, 32, 33, 100}) {
    const Eigen::MatrixXd a = Eigen::MatrixXd::NullaryExpr(n, n, [&] { return normal(random); });
    const Eigen::MatrixXd c = a * a.transpose() + Eigen::MatrixXd::Identity(n, n);
    const auto f = factor(c);
    REQUIRE(f);
    const Eigen::MatrixXd inverse = f->inverse;
    CHECK((inverse * c * inverse.transpose()).isIdentity(1e-10));
    CHECK(f->log_det == doctest::Approx(std::log(c.determinant()) / 2));
    const Eigen::MatrixXd square_root = squared(f->inverse).selfadjointView<Eigen::Lower>();
    CHECK((square_root * c).isIdentity(1e-10));
  }
  CHECK_FALSE(factor(-Eigen::MatrixXd::Identity(3, 3)));
}

TEST_CASE("the misfit is the negative log density of the values, less the log prior") {
  random_stream random{2, 0, "test"};
  const auto data = random_observations(9, {false, true}, random);
  const kernel_parameters p{Eigen::Array2d{3, 0.5}, 1.7, 0.2};
  Eigen::MatrixXd c = dense_covariances(p, data, data.points, data.points);
  c.diagonal().array() += p.noise;
  const double misfit_by_hand =
      data.values.dot(c.inverse() * data.values) / 2 + std::log(c.determinant()) / 2 - log_prior(p);
  const misfit f{data, false};
  Eigen::VectorXd gradient(4);
  CHECK(f(f.logs(p), gradient) == doctest::Approx(misfit_by_hand));
}

TEST_CASE("the prior is that of the relevances, the scale and the noise") {
  const kernel_parameters p{Eigen::Array2d{2, 0.5}, 3, 0.1};
  CHECK(log_prior(p) ==
        doctest::Approx(-0.05 - 0.2 - 0.2 - 0.05 + std::log(3) - 3 + 0.1 * std::log(0.1) - 3));
}

TEST_CASE("the misfit's gradient is that of its differences") {
  random_stream random{3, 0, "test"};
  const auto data = random_observations(40, {false, true, false}, random);
  for (const bool exact : {false, true}) {
    const misfit f{data, exact};
    Eigen::VectorXd unused(5);
    const auto value = [&](const Eigen::VectorXd& x) { return f(x, unused); };
    for (int i = 0; i < 5; ++i) {
      const Eigen::VectorXd x = Eigen::VectorXd::NullaryExpr(5, [&] { return normal(random); });
      Eigen::VectorXd gradient(5);
      f(x, gradient);
      const auto expected = differences(value, x);
      CHECK((gradient - expected).norm() <= 1e-6 * (1 + expected.norm()));
    }
  }
}

TEST_CASE("parameters survive as logarithms, also the least noise") {
  random_stream random{4, 0, "test"};
  const auto data = random_observations(3, {false}, random);
  for (const double noise : {least_noise, 1.1e-6, 0.5}) {
    const misfit f{data, false};
    const auto p = f.parameters(f.logs({Eigen::ArrayXd::Constant(1, 0.3), 2, noise}));
    CHECK(p.relevances[0] == doctest::Approx(0.3));
    CHECK(p.scale == doctest::Approx(2));
    CHECK(p.noise == doctest::Approx(noise).epsilon(0.01));
  }
}

TEST_CASE("a fit finds the length scales and the noise of a function that was drawn with them") {
  const kernel_parameters truth{Eigen::Array3d{40, 6, 0.5}, 1, 0.01};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto p = fit(drawn(truth, 150, seed), false, std::nullopt);
    for (Eigen::Index d = 0; d < 3; ++d) {
      CAPTURE(d);
      CHECK(std::abs(std::log(p.relevances[d] / truth.relevances[d])) < std::numbers::ln2 * 1.5);
    }
    CHECK(std::abs(std::log(p.noise / truth.noise)) < std::numbers::ln2);
  }
}

TEST_CASE("a fit ends where the gradient vanishes, from wherever it began") {
  const auto data = drawn({Eigen::Array2d{20, 2}, 1, 0.01}, 60, 7);
  const auto cold = fit(data, false, std::nullopt);
  const auto warm = fit(data, false, kernel_parameters{Eigen::Array2d{5, 5}, 0.3, 0.1});
  const misfit f{data, false};
  Eigen::VectorXd gradient(4);
  const double value = f(f.logs(cold), gradient);
  CHECK(gradient.lpNorm<Eigen::Infinity>() < 0.2);
  CHECK(f(f.logs(warm), gradient) == doctest::Approx(value).epsilon(1e-3));
}

TEST_CASE("a function without noise keeps the least noise") {
  const auto data = drawn({Eigen::Array2d{20, 2}, 1, 0.01}, 20, 7);
  CHECK(fit(data, true, std::nullopt).noise == least_noise);
}

TEST_CASE("repeated, equal and single observations are fitted") {
  observations same{
      Eigen::MatrixXd::Constant(30, 2, 0.5), Eigen::VectorXd::Zero(30), {false, false}};
  CHECK(fit(same, false, std::nullopt).relevances.isFinite().all());
  CHECK(fit(same, true, std::nullopt).relevances.isFinite().all());
  const observations one{Eigen::MatrixXd::Zero(1, 1), Eigen::VectorXd::Zero(1), {false}};
  CHECK(fit(one, false, std::nullopt).relevances.isFinite().all());
}

TEST_CASE("a start from which no search succeeds does not spoil the fit") {
  const auto data = drawn({Eigen::Array2d{20, 2}, 1, 0.01}, 20, 7);
  const kernel_parameters nonsense{Eigen::Array2d{std::nan(""), 1}, 1, 1};
  const auto p = fit(data, false, nonsense);
  const auto expected = fit(data, false, std::nullopt);
  CHECK((p.relevances == expected.relevances).all());
}

TEST_CASE("L-BFGS stays in its box and stops at a wall that is downhill") {
  const auto valley = [](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    const Eigen::VectorXd d = x - Eigen::Vector2d{3, 0.25};
    gradient = 2 * d;
    return d.squaredNorm();
  };
  const auto found = minimise(valley, Eigen::Vector2d{-5, 0.5},
                              {Eigen::Vector2d{0, 0}, Eigen::Vector2d{1, 1}, 1e-6, 0, 100});
  CHECK_FALSE(found.failed);
  CHECK(found.x[0] == 1);
  CHECK(found.x[1] == doctest::Approx(0.25));
}

TEST_CASE("what a function throws comes out of L-BFGS") {
  const auto bad = [](const Eigen::VectorXd&, Eigen::VectorXd&) -> double {
    throw std::runtime_error{"out"};
  };
  const descent_limits limits{Eigen::VectorXd::Zero(1), Eigen::VectorXd::Ones(1), 1e-6, 0, 10};
  CHECK_THROWS_WITH(minimise(bad, Eigen::VectorXd::Zero(1), limits), "out");
}
