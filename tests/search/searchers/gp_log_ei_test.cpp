#include "search/gp_kit.hpp"
#include "search/searchers/gp/log_ei.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe::gp;

namespace {

constexpr double log_root_two_pi = 0.918938533204672741780;

/// Returns log E max(z + y, 0) of a standard normal y: the integral of u φ(u - z) over u > 0, by
/// Simpson's rule, with φ(z) or, if z > 0, φ(0) taken out.
double by_quadrature(double z) {
  const double from = std::max(0.0, z - 40);
  const double to = z > -1 ? z + 40 : 60 / -z;
  const double out = z > 0 ? 0 : -0.5 * z * z;
  constexpr int intervals = 200'000;
  const double step = (to - from) / intervals;
  double sum = 0;
  for (int i = 0; i <= intervals; ++i) {
    const double u = from + i * step;
    const double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * u * std::exp(-0.5 * (u - z) * (u - z) - out);
  }
  return std::log(sum * step / 3) + out - log_root_two_pi;
}

} // namespace

TEST_CASE("the logarithm of the expected improvement is that of its integral, far out too") {
  for (const double z :
       {-1e4, -300.0, -60.0, -25.1, -24.9, -10.0, -3.0, -1.0, -0.1, 0.0, 0.5, 3.0, 30.0}) {
    CAPTURE(z);
    CHECK(log_ei(z, 1, 0).value == doctest::Approx(by_quadrature(z)).epsilon(1e-10));
  }
}

TEST_CASE("the expected improvement scales with the values") {
  const double expected = log_ei(-2, 1, 0).value + std::log(0.1);
  CHECK(log_ei(5 - 0.2, 0.01, 5).value == doctest::Approx(expected));
}

TEST_CASE("the tail meets the middle") {
  CHECK(log_ei(-25 - 1e-9, 1, 0).value ==
        doctest::Approx(log_ei(-25 + 1e-9, 1, 0).value).epsilon(1e-9));
  CHECK(log_ei(-25 - 1e-9, 1, 0).by_mean ==
        doctest::Approx(log_ei(-25 + 1e-9, 1, 0).by_mean).epsilon(1e-9));
}

TEST_CASE("utilities stay finite where probabilities are not") {
  for (const double z : {-1e8, 1e8}) {
    for (const auto u : {log_ei(z, 1, 0), log_probability(z, 1, 0)}) {
      CHECK(std::isfinite(u.value));
      CHECK(std::isfinite(u.by_mean));
      CHECK(std::isfinite(u.by_variance));
    }
  }
}

TEST_CASE("the derivatives of utilities are those of differences") {
  for (const auto f : {log_ei, log_probability})
    for (const double mean : {-40.0, -24.0, -2.0, 0.3, 4.0})
      for (const double variance : {0.3, 2.0}) {
        CAPTURE(mean);
        CAPTURE(variance);
        const auto value = [&](const Eigen::VectorXd& at) { return f(at[0], at[1], 0.1).value; };
        const auto expected = differences(value, Eigen::Vector2d{mean, variance});
        const auto u = f(mean, variance, 0.1);
        CHECK(u.by_mean == doctest::Approx(expected[0]).epsilon(1e-6));
        CHECK(u.by_variance == doctest::Approx(expected[1]).epsilon(1e-5));
      }
}

TEST_CASE("the probability is that of a value above the threshold") {
  CHECK(log_probability(1, 4, 1).value == doctest::Approx(std::log(0.5)));
  CHECK(log_probability(3, 4, 1).value == doctest::Approx(std::log(0.8413447460685429)));
}
