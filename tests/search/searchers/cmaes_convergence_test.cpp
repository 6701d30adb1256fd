#include "search/cmaes_searcher_kit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace troupe;
namespace json = boost::json;

namespace {

double rosenbrock(const std::vector<double>& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  return sum;
}

/// Runs `trials` trials, `workers` at once, oldest first; returns the best value.
double best_of(const study& s, const std::function<double(const std::vector<double>&)>& f,
               trial_number trials, trial_number workers = 1) {
  const auto searcher = make_searcher(s);
  std::vector<double> values;
  for (trial_number n = 0; n < trials; ++n) {
    if (n >= workers) searcher->complete(n - workers, values[n - workers]);
    values.push_back(f(position(suggested(*searcher, n))));
  }
  return *std::min_element(values.begin(), values.end());
}

double median_best(const search_space& space, const json::object& options,
                   const std::function<double(const std::vector<double>&)>& f, trial_number trials,
                   trial_number workers = 1) {
  std::vector<double> best;
  for (std::uint64_t seed = 0; seed < 21; ++seed)
    best.push_back(best_of(study_with(space, options, seed), f, trials, workers));
  std::nth_element(best.begin(), best.begin() + 10, best.end());
  return best[10];
}

} // namespace

TEST_CASE("cmaes finds the minimum of a sphere and gets near that of Rosenbrock's function") {
  const auto space = cube(4, -2.048, 2.048);
  CHECK(median_best(space, {}, sphere, 300) < 1e-4);
  CHECK(median_best(space, {{"use_separable_cma", true}}, sphere, 300) < 1e-4);
  CHECK(median_best(space, {{"lr_adapt", true}}, sphere, 300) < 1e-2);
  CHECK(median_best(space, {}, rosenbrock, 100) < 4.5);
  CHECK(median_best(space, {}, rosenbrock, 1000) < 0.1);
}

TEST_CASE("when cmaes has found what it can, it starts again in other places") {
  // Two valleys, the narrow one deeper.
  const auto f = [](const std::vector<double>& x) {
    return std::min(sphere(x), 20 * sphere({x[0] + 1.4, x[1] + 1.4}) - 1);
  };
  CHECK(median_best(cube(2, -2, 2), {}, f, 400) >= 0);
  CHECK(median_best(cube(2, -2, 2), {}, f, 8000) == doctest::Approx(-1));
}

TEST_CASE("cmaes loses little when 8 trials run at once") {
  const auto space = cube(4, -2.048, 2.048);
  CHECK(median_best(space, {}, sphere, 300, 8) < 1e-3);
}

TEST_CASE("with margin, cmaes does not get stuck at the wrong integers") {
  auto space = search_space{};
  for (int i = 0; i < 6; ++i)
    space.add("n" + std::to_string(i), randint{0, 50});
  const auto f = [](const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      sum += std::abs(x[i] - 7.0 * static_cast<double>(i + 1)) * static_cast<double>(i + 1);
    return sum;
  };
  CHECK(median_best(space, {{"with_margin", true}}, f, 500) == 0);
}
