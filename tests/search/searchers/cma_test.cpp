#include "search/cmaes_kit.hpp"
#include "search/recorded_lines.hpp"
#include "search/searchers/cmaes/cma.hpp"
#include "search/searchers/cmaes/margin.hpp"
#include "search/searchers/cmaes/warm_start.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

constexpr double tolerance = 1e-8;

/// A recorded run, and the CMA-ES that is to repeat it.
struct recorded_run {
  explicit recorded_run(const boost::json::value& head)
      : variant{head.at("variant").as_string()},
        es{options_of(head)} {
    if (variant != "margin") return;
    const Eigen::MatrixXd bounds = to_columns(head.at("bounds"));
    margin.emplace(es, cma_box{bounds.row(0), bounds.row(1)}, to_vector(head.at("steps")),
                   as_number(head.at("margin")));
  }

  static cma_options options_of(const boost::json::value& head) {
    const auto mean = to_vector(head.at("mean0"));
    const auto& cov = head.at("cov0");
    return {.mean = mean,
            .sigma = as_number(head.at("sigma0")),
            .population = head.at("popsize").as_int64(),
            .covariance = cov.is_null() ? Eigen::MatrixXd{}
                                        : from_upper_triangle(to_vector(cov), mean.size()),
            .separable = head.at("variant") == "sep",
            .lr_adapt = head.at("variant") == "lra"};
  }

  void tell(const Eigen::MatrixXd& x, const Eigen::VectorXd& values) {
    es.tell(x, values);
    if (margin) margin->correct(es);
  }

  std::string variant;
  cma es;
  std::optional<cma_margin> margin;
};

void check_state(recorded_run& run, const boost::json::value& wanted) {
  const auto check = [&](const char* key, const Eigen::VectorXd& got) {
    CAPTURE(key);
    CHECK(deviation(got, to_vector(wanted.at(key))) <= tolerance);
  };
  const auto check_number = [&](const char* key, double got) {
    CAPTURE(key);
    CHECK(got == doctest::Approx(as_number(wanted.at(key))).epsilon(tolerance));
  };
  check("mean", run.es.mean());
  check("p_sigma", run.es.p_sigma());
  check("p_c", run.es.p_c());
  check("C", run.variant == "sep" ? run.es.shape().variances()
                                  : upper_triangle(run.es.shape().matrix()));
  check_number("sigma", run.es.sigma());
  if (run.margin) check("A", run.margin->stretches());
  if (run.variant == "lra") {
    check_number("eta_mean", run.es.rate()->eta_mean());
    check_number("eta_sigma", run.es.rate()->eta_sigma());
  }
  CHECK(run.es.should_stop() == wanted.at("stop").as_bool());
}

/// Checks where the points of a generation are evaluated.
void check_evaluated(const recorded_run& run, const boost::json::value& generation) {
  if (!run.margin) return;
  const Eigen::MatrixXd x = to_columns(generation.at("x"));
  const Eigen::MatrixXd wanted = to_columns(generation.at("x_eval"));
  for (Eigen::Index i = 0; i < x.cols(); ++i)
    CHECK(deviation(run.margin->evaluated(run.es, x.col(i)), wanted.col(i)) <= tolerance);
}

void check_constants(const cma& es, const boost::json::value& wanted) {
  const auto& s = es.strategy();
  const auto same = [&](const char* key, double got) {
    CAPTURE(key);
    CHECK(got == doctest::Approx(as_number(wanted.at(key))).epsilon(1e-12));
  };
  CHECK(s.parents == wanted.at("mu").as_int64());
  same("mu_eff", s.mu_eff);
  same("c1", s.c1);
  same("cmu", s.cmu);
  same("c_sigma", s.c_sigma);
  same("d_sigma", s.d_sigma);
  same("cc", s.cc);
  same("chi_n", s.chi_n);
  CHECK(deviation(s.weights, to_vector(wanted.at("weights"))) <= 1e-12);
}

/// Repeats all runs of a file; returns how many generations had the flag to stop.
int check_runs(const std::string& file) {
  int stops = 0;
  for (const auto& head : recorded_lines(file)) {
    if (head.at("variant") == "warm_start") continue;
    CAPTURE(head.at("variant").as_string().c_str());
    CAPTURE(head.at("function").as_string().c_str());
    CAPTURE(head.at("dim").as_int64());
    auto run = recorded_run{head};
    check_constants(run.es, head.at("constants"));
    for (const auto& generation : head.at("generations").as_array()) {
      CAPTURE(run.es.generation());
      check_evaluated(run, generation);
      run.tell(to_columns(generation.at("x")), to_vector(generation.at("f")));
      check_state(run, generation);
      stops += generation.at("stop").as_bool() ? 1 : 0;
    }
  }
  return stops;
}

} // namespace

TEST_CASE("CMA-ES and its learning rate adaptation go the recorded ways and stop where they did") {
  CHECK(check_runs("cmaes") > 0);
}

TEST_CASE("the separable CMA-ES and the one with margin go the recorded ways") {
  check_runs("cmaes_variants");
}

TEST_CASE("a warm start is the recorded one") {
  int tested = 0;
  for (const auto& line : recorded_lines("cmaes")) {
    if (line.at("variant") != "warm_start") continue;
    const auto start = warm_start(to_columns(line.at("source_x")), to_vector(line.at("source_f")),
                                  as_number(line.at("gamma")), as_number(line.at("alpha")));
    CHECK(deviation(start.mean, to_vector(line.at("mean"))) <= tolerance);
    CHECK(start.sigma == doctest::Approx(as_number(line.at("sigma"))).epsilon(tolerance));
    CHECK(deviation(upper_triangle(start.covariance), to_vector(line.at("cov"))) <= tolerance);
    ++tested;
  }
  CHECK(tested > 0);
}

TEST_CASE("a warm start without a single point is refused") {
  CHECK_THROWS_WITH_AS(warm_start(Eigen::MatrixXd::Zero(2, 9), Eigen::VectorXd::Zero(9)),
                       "a warm start from the best 0.1 of 9 points has nothing to start from: "
                       "give at least 10 points",
                       std::invalid_argument);
}

TEST_CASE("an injected point is pulled as near as the distribution's own draws are") {
  cma es{{.mean = Eigen::VectorXd::Constant(2, 0.5), .sigma = 0.1}};
  const Eigen::VectorXd near = Eigen::Vector2d{0.6, 0.4};
  CHECK(es.injected(near) == near);
  const Eigen::VectorXd pulled = es.injected(Eigen::Vector2d{2.5, 0.5});
  CHECK(pulled[0] == doctest::Approx(0.5 + 0.1 * (std::sqrt(2.0) + 1)));
  CHECK(pulled[1] == 0.5);
}
