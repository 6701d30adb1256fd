// What the searcher tells its CMA-ES: the same as a loop written out by hand.

#include "search/cmaes_searcher_kit.hpp"
#include "search/searchers/cmaes/cma.hpp"
#include "search/searchers/cmaes/margin.hpp"
#include "search/space/dimension.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

TEST_CASE("one trial after the other, cmaes asks and tells a CMA-ES") {
  const auto domain = troupe::domain{loguniform{1e-3, 1e3}};
  const auto dim = dimension_of(domain).value();
  const auto s =
      study_with(search_space{}.add("a", domain).add("b", domain), {{"n_startup_trials", 0}});
  const auto searcher = make_searcher(s);
  cma es{{.mean = Eigen::VectorXd::Constant(2, 0.5), .sigma = 1.0 / 6}};
  const auto box = cma_box{Eigen::VectorXd::Zero(2), Eigen::VectorXd::Ones(2)};
  Eigen::MatrixXd x(2, es.population());
  Eigen::VectorXd values(es.population());
  for (trial_number n = 0; n < 20 * es.population(); ++n) {
    const auto at = n % es.population();
    auto random = random_stream{5, n, "cmaes"};
    x.col(at) = es.ask(random, box);
    const auto c = suggested(*searcher, n);
    CHECK(param<double>(c, "a") ==
          doctest::Approx(to_value(domain, dim.from_coordinate(x(0, at))).as_double()));
    CHECK(param<double>(c, "b") ==
          doctest::Approx(to_value(domain, dim.from_coordinate(x(1, at))).as_double()));
    values[at] = sphere({x(0, at), x(1, at)});
    searcher->complete(n, values[at]);
    if (at == es.population() - 1) es.tell(x, values);
  }
}

TEST_CASE("late results are told as injected points") {
  const auto s = study_with(cube(2, 0, 1), {{"n_startup_trials", 0}, {"popsize", 4}});
  const auto searcher = make_searcher(s);
  constexpr trial_number count = 40;
  cma es{{.mean = Eigen::VectorXd::Constant(2, 0.5), .sigma = 1.0 / 6, .population = 4}};
  const auto box = cma_box{Eigen::VectorXd::Zero(2), Eigen::VectorXd::Ones(2)};
  Eigen::MatrixXd x(2, count);
  for (trial_number n = 0; n < count; ++n) {
    auto random = random_stream{5, n, "cmaes"};
    x.col(n) = es.ask(random, box);
    searcher->suggest(n);
  }
  bool is_pulled = false;
  for (trial_number n = 0; n < count; n += 4) {
    Eigen::MatrixXd told = x.middleCols(n, 4);
    Eigen::VectorXd values(4);
    for (Eigen::Index i = 0; i < 4; ++i) {
      values[i] = sphere({told(0, i), told(1, i)});
      searcher->complete(n + static_cast<trial_number>(i), values[i]);
      if (n > 0) told.col(i) = es.injected(told.col(i));
    }
    is_pulled |= told != x.middleCols(n, 4);
    es.tell(told, values);
  }
  CHECK(is_pulled);
  auto random = random_stream{5, count, "cmaes"};
  const Eigen::VectorXd next = es.ask(random, box);
  const auto c = suggested(*searcher, count);
  CHECK(param<double>(c, "x0") == doctest::Approx(next[0]));
  CHECK(param<double>(c, "x1") == doctest::Approx(next[1]));
}

TEST_CASE("with margin, cmaes asks, corrects and tells a CMA-ES on the integers' grid") {
  const auto space = search_space{}.add("n", randint{10, 16}).add("x", uniform{0, 1});
  const auto searcher =
      make_searcher(study_with(space, {{"n_startup_trials", 0}, {"with_margin", true}}));
  cma es{{.mean = Eigen::VectorXd::Constant(2, 0.5), .sigma = 1.0 / 6}};
  auto margin =
      cma_margin{es, {Eigen::VectorXd::Zero(2), Eigen::VectorXd::Ones(2)}, Eigen::Vector2d{0.2, 0}};
  Eigen::MatrixXd x(2, es.population());
  Eigen::VectorXd values(es.population());
  for (trial_number n = 0; n < 20 * es.population(); ++n) {
    const auto at = n % es.population();
    auto random = random_stream{5, n, "cmaes"};
    x.col(at) = es.ask(random, margin.free_box());
    const Eigen::VectorXd evaluated = margin.evaluated(es, x.col(at));
    const auto c = suggested(*searcher, n);
    CHECK(param<std::int64_t>(c, "n") == 10 + std::lround(5 * evaluated[0]));
    CHECK(param<double>(c, "x") == doctest::Approx(evaluated[1]));
    values[at] = sphere({evaluated[0], evaluated[1]});
    searcher->complete(n, values[at]);
    if (at != es.population() - 1) continue;
    es.tell(x, values);
    margin.correct(es);
  }
}
