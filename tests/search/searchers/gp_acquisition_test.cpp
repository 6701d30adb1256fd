#include "search/gp_kit.hpp"
#include "search/searchers/gp/acquisition.hpp"
#include "search/searchers/gp/log_ei.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace troupe;
using namespace troupe::gp;

namespace {

/// An objective with the threshold 1 and a constraint with 0.2, at the same points.
struct fixture {
  random_stream random{21, 0, "test"};
  observations objective;
  observations constraint;
  std::vector<Eigen::VectorXd> awaited;

  fixture() { observe(20); }

  void observe(Eigen::Index count) {
    objective = random_observations(count, columns, random);
    constraint = objective;
    for (double& v : constraint.values)
      v = normal(random);
  }

  std::vector<goal> goals(bool constrained, double threshold = 1) {
    std::vector<goal> goals{{regression{parameters, objective}, threshold}};
    if (constrained) goals.push_back({regression{parameters, constraint}, 0.2});
    for (auto& g : goals)
      for (const auto& x : awaited)
        g.process.await(x);
    return goals;
  }

  void await_two() { awaited = {random_point(columns, random), random_point(columns, random)}; }

  /// Returns 100,000 joint draws of the awaited points and x: a column each.
  Eigen::MatrixXd draws(const observations& data, const Eigen::VectorXd& x) {
    Eigen::MatrixXd points(3, 3);
    points << awaited[0].transpose(), awaited[1].transpose(), x.transpose();
    const auto joint = dense_posterior(parameters, data, points);
    const Eigen::MatrixXd root = joint.covariance.llt().matrixL();
    Eigen::MatrixXd draws =
        root * Eigen::MatrixXd::NullaryExpr(3, 100'000, [this] { return normal(random); });
    return draws.colwise() + joint.mean;
  }

  void check_gradients(const acquisition& a) {
    const auto value = [&](const Eigen::VectorXd& x) { return a.value(x); };
    for (int i = 0; i < 10; ++i) {
      const auto x = random_point(columns, random);
      auto expected = differences(value, x, 1e-7);
      expected[1] = 0;
      Eigen::VectorXd slope;
      CHECK(a.value(x, &slope) == a.value(x));
      CHECK((slope - expected).norm() <= 1e-4 * (1 + expected.norm()));
    }
  }
};

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

} // namespace

TEST_CASE_FIXTURE(fixture, "without awaited results it is log EI plus the constraints' log P") {
  const auto x = random_point(columns, random);
  const auto all = goals(true);
  const auto f = all[0].process.predict(x);
  const auto c = all[1].process.predict(x);
  const double improvement = log_ei(f.mean, f.variance, 1).value;
  const double feasible = log_probability(c.mean, c.variance, 0.2).value;
  CHECK(acquisition{goals(false), 1}.value(x) == doctest::Approx(improvement));
  CHECK(acquisition{all, 1}.value(x) == doctest::Approx(improvement + feasible));
  CHECK(acquisition{goals(true, no_threshold), 1}.value(x) == doctest::Approx(feasible));
}

TEST_CASE_FIXTURE(fixture, "normal samples have the normal law's moments") {
  const auto z = normal_samples(3, 128, 5);
  CHECK(z.rowwise().mean().norm() < 0.02);
  CHECK((z * z.transpose() / 128).isIdentity(0.1));
  CHECK(normal_samples(3, 128, 6) != z);
}

TEST_CASE_FIXTURE(fixture,
                  "with awaited results it is the mean over draws of the best improvement") {
  await_two();
  const acquisition a{goals(false), 3};
  const sampled_utility fine{goals(false), 3, 1 << 14};
  for (int i = 0; i < 5; ++i) {
    const auto x = random_point(columns, random);
    const Eigen::ArrayXd best = draws(objective, x).colwise().maxCoeff().array() - 1;
    const double expected = std::log(best.max(0).mean());
    CHECK(std::abs(a.value(x) - expected) < 0.1);
    const auto p = goals(false)[0].process.predict(x);
    CHECK(std::abs(fine.value({p}, nullptr) - expected) < 0.04);
  }
}

TEST_CASE_FIXTURE(fixture, "awaited results and constraints share the samples") {
  await_two();
  const sampled_utility fine{goals(true), 3, 1 << 14};
  for (int i = 0; i < 5; ++i) {
    const auto x = random_point(columns, random);
    const auto improvement = draws(objective, x);
    const auto slack = draws(constraint, x);
    double sum = 0;
    for (Eigen::Index s = 0; s < slack.cols(); ++s) {
      double best = 0;
      for (Eigen::Index j = 0; j < 3; ++j)
        best = std::max(best, std::max(improvement(j, s) - 1, 1e-12) *
                                  sigmoid((slack(j, s) - 0.2) / 0.01));
      sum += best;
    }
    const double expected = std::log(sum / static_cast<double>(slack.cols()));
    const auto all = goals(true);
    const double value =
        fine.value({all[0].process.predict(x), all[1].process.predict(x)}, nullptr);
    CHECK(std::abs(value - expected) < 0.05);
  }
}

TEST_CASE_FIXTURE(fixture, "a point next to an awaited one adds nothing to it") {
  await_two();
  const acquisition a{goals(false), 3};
  const double at_awaited = a.value(awaited[0]);
  double best = at_awaited;
  for (int i = 0; i < 50; ++i) {
    const double value = a.value(random_point(columns, random));
    CHECK(value >= at_awaited - 1e-3);
    best = std::max(best, value);
  }
  CHECK(best > at_awaited + 0.1);
}

TEST_CASE_FIXTURE(fixture, "its gradients are those of differences") {
  check_gradients(acquisition{goals(false), 1});
  check_gradients(acquisition{goals(true), 1});
  await_two();
  check_gradients(acquisition{goals(false), 1});
  check_gradients(acquisition{goals(true), 1});
  check_gradients(acquisition{goals(true, no_threshold), 1});
}

TEST_CASE_FIXTURE(fixture, "many values are the single ones, but for negligible ones") {
  observe(120);
  Eigen::MatrixXd points(3, 300);
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    points.col(i) = random_point(columns, random);
  const auto check = [&](const acquisition& a) {
    const auto values = a.values(points);
    const double largest = values.maxCoeff();
    Eigen::Index left_out = 0;
    for (Eigen::Index i = 0; i < points.cols(); ++i) {
      const double value = a.value(points.col(i));
      if (std::isinf(values[i])) {
        CHECK(value < largest - 40);
        ++left_out;
      } else
        CHECK(values[i] == doctest::Approx(value));
    }
    return left_out;
  };
  CHECK(check(acquisition{goals(true), 1}) < 150);
  CHECK(check(acquisition{goals(false, 20), 1}) > 50); // hard to improve on
  CHECK(check(acquisition{goals(true, no_threshold), 1}) == 0);
  await_two();
  CHECK(check(acquisition{goals(true), 1}) == 0);
}
