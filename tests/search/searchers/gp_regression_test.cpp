#include "search/gp_kit.hpp"
#include "search/searchers/gp/regression.hpp"

#include <doctest/doctest.h>

using namespace troupe;
using namespace troupe::gp;

namespace {

struct regression_fixture {
  random_stream random{11, 0, "test"};
  observations data = random_observations(25, columns, random);
  regression process{parameters, data};
};

/// Returns the points below each other.
Eigen::MatrixXd stacked(const std::vector<Eigen::VectorXd>& points) {
  Eigen::MatrixXd rows(static_cast<Eigen::Index>(points.size()), points.front().size());
  for (std::size_t i = 0; i < points.size(); ++i)
    rows.row(static_cast<Eigen::Index>(i)) = points[i];
  return rows;
}

} // namespace

TEST_CASE_FIXTURE(regression_fixture, "predictions are the dense posterior's") {
  for (int i = 0; i < 20; ++i) {
    const auto x = random_point(columns, random);
    const auto expected = dense_posterior(parameters, data, x.transpose());
    const auto p = process.predict(x);
    CHECK(p.mean == doctest::Approx(expected.mean[0]));
    CHECK(p.variance == doctest::Approx(expected.covariance(0, 0)));
  }
}

TEST_CASE_FIXTURE(regression_fixture,
                  "where the value is known the variance does not vanish quite") {
  const kernel_parameters exact{parameters.relevances, 1.5, least_noise};
  const auto p = regression{exact, data}.predict(data.points.row(3));
  CHECK(p.mean == doctest::Approx(data.values[3]).epsilon(1e-4));
  CHECK(p.variance >= 1e-12);
  CHECK(p.variance < 2e-6);
}

TEST_CASE_FIXTURE(regression_fixture, "awaited points and a point have the dense joint posterior") {
  std::vector<Eigen::VectorXd> points;
  for (int i = 0; i < 3; ++i)
    process.await(points.emplace_back(random_point(columns, random)));
  const auto x = points.emplace_back(random_point(columns, random));
  const auto expected = dense_posterior(parameters, data, stacked(points));

  // What z = 0 gives is the mean; what each number moves is a column of a root of the covariance.
  const auto p = process.predict(x);
  REQUIRE(process.awaited_count() == 3);
  Eigen::MatrixXd root = Eigen::MatrixXd::Zero(4, 4);
  const Eigen::VectorXd mean = process.awaited(Eigen::VectorXd::Zero(3));
  for (Eigen::Index j = 0; j < 3; ++j)
    root.col(j).head(3) = process.awaited(Eigen::VectorXd::Unit(3, j)) - mean;
  root.row(3).head(3) = p.pulls;
  root(3, 3) = std::sqrt(p.variance);
  CHECK((root * root.transpose()).isApprox(expected.covariance, 1e-9));
  CHECK(mean.isApprox(expected.mean.head(3), 1e-9));
  CHECK(p.mean == doctest::Approx(expected.mean[3]));
}

TEST_CASE_FIXTURE(regression_fixture, "the same point may be awaited twice") {
  const auto x = random_point(columns, random);
  process.await(x);
  process.await(x);
  const auto p = process.predict(x);
  CHECK(p.variance < 1e-10);
  CHECK(process.awaited(Eigen::Vector2d{1, 0})[1] ==
        doctest::Approx(process.awaited(Eigen::Vector2d{1, 0})[0]));
}

TEST_CASE_FIXTURE(regression_fixture, "many predictions are the single ones") {
  process.await(random_point(columns, random));
  process.await(random_point(columns, random));
  Eigen::MatrixXd points(3, 150);
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    points.col(i) = random_point(columns, random);
  const auto all = process.predict_all(points);
  for (Eigen::Index i = 0; i < points.cols(); ++i) {
    const auto one = process.predict(points.col(i));
    CHECK(all.means[i] == doctest::Approx(one.mean));
    CHECK(all.variances[i] == doctest::Approx(one.variance));
    CHECK(all.pulls.col(i).isApprox(one.pulls, 1e-9));
  }
}

TEST_CASE_FIXTURE(regression_fixture,
                  "a sketch has the means, and variances that are not too small") {
  Eigen::MatrixXd points(3, 150);
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    points.col(i) = random_point(columns, random);
  const auto rough = process.sketch(points);
  for (Eigen::Index i = 0; i < points.cols(); ++i) {
    const auto one = process.predict(points.col(i));
    CHECK(rough.means[i] == doctest::Approx(one.mean));
    CHECK(rough.variances[i] >= one.variance - 1e-9);
    CHECK(rough.variances[i] <= parameters.scale + 1e-9);
  }
}

TEST_CASE_FIXTURE(regression_fixture,
                  "gradients are those of differences, and none along a choice") {
  process.await(random_point(columns, random));
  process.await(random_point(columns, random));
  const by_prediction weights{0.7, -1.3, Eigen::Vector2d{2, -0.4}};
  const auto combined = [&](const Eigen::VectorXd& x) {
    const auto p = process.predict(x);
    return weights.mean * p.mean + weights.variance * p.variance + weights.pulls.dot(p.pulls);
  };
  for (int i = 0; i < 10; ++i) {
    const auto x = random_point(columns, random);
    auto expected = differences(combined, x);
    expected[1] = 0;
    const auto slope = process.gradient(x, process.predict(x), weights);
    CHECK((slope - expected).norm() <= 1e-6 * (1 + expected.norm()));
  }
}
