#include "search/gp_kit.hpp"
#include "search/searchers/gp/maximise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace troupe;
using namespace troupe::gp;

namespace {

const std::vector<dimension> mixed_space{
    {.low = -1, .high = 1},
    {.low = 1, .high = 100'000, .step = 1, .log = true},
    {.low = 0, .high = 10, .step = 2},
    {.choices = 4},
    {.low = 0.001, .high = 1, .log = true},
};

std::vector<bool> categorical(const std::vector<dimension>& space) {
  std::vector<bool> flags;
  for (const auto& d : space)
    flags.push_back(d.categorical());
  return flags;
}

/// Returns a random value of the space, as inputs.
Eigen::VectorXd random_inputs(const std::vector<dimension>& space, random_stream& random) {
  Eigen::VectorXd x(static_cast<Eigen::Index>(space.size()));
  for (std::size_t d = 0; d < space.size(); ++d)
    x[static_cast<Eigen::Index>(d)] =
        to_input(space[d], space[d].from_coordinate(random.uniform()));
  return x;
}

/// Returns an acquisition after 30 trials with random values.
acquisition after_trials(const std::vector<dimension>& space, random_stream& random) {
  observations data{Eigen::MatrixXd(30, static_cast<Eigen::Index>(space.size())),
                    Eigen::VectorXd(30), categorical(space)};
  for (Eigen::Index i = 0; i < 30; ++i) {
    data.points.row(i) = random_inputs(space, random);
    data.values[i] = normal(random);
  }
  const auto columns = static_cast<Eigen::Index>(space.size());
  const kernel_parameters p{Eigen::ArrayXd::Constant(columns, 3), 1, 1e-4};
  return {{{regression{p, data}, data.values.maxCoeff()}}, 1};
}

/// Checks that each input is that of a value of the space.
void check_on_grid(const std::vector<dimension>& space, const Eigen::VectorXd& x) {
  for (std::size_t d = 0; d < space.size(); ++d) {
    CAPTURE(d);
    const double input = x[static_cast<Eigen::Index>(d)];
    CHECK(to_input(space[d], from_input(space[d], input)) == doctest::Approx(input));
  }
}

} // namespace

TEST_CASE("inputs are coordinates, or the number of the choice") {
  CHECK(to_input(mixed_space[0], 0) == 0.5);
  CHECK(to_input(mixed_space[2], 0) == doctest::Approx(1.0 / 12));
  CHECK(to_input(mixed_space[3], 2) == 2);
  CHECK(from_input(mixed_space[3], 2) == 2);
  CHECK(from_input(mixed_space[2], 0.3) == 2);
}

TEST_CASE("candidates are on the grids, even, and others for each suggestion") {
  const candidates from{mixed_space, 4};
  random_stream random{1, 0, "test"};
  const auto first = from.shifted(random);
  const auto second = from.shifted(random);
  CHECK(first != second);
  for (Eigen::Index i = 0; i < first.cols(); i += 97)
    check_on_grid(mixed_space, first.col(i));
  for (const double choice : {0.0, 1.0, 2.0, 3.0})
    CHECK((first.row(3).array() == choice).count() == 512);
  for (const auto* inputs : {&first, &second}) {
    std::set<double> cells;
    for (const double u : inputs->row(0))
      cells.insert(std::floor(u * 2048));
    CHECK(cells.size() == 2048);
  }
}

TEST_CASE("the maximum is on the grids, and no point of many is better") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    random_stream random{seed, 0, "test"};
    const auto a = after_trials(mixed_space, random);
    const auto x = maximise(a, candidates{mixed_space, seed}, std::nullopt, random);
    check_on_grid(mixed_space, x);
    const double value = a.value(x);
    for (int i = 0; i < 3000; ++i)
      CHECK(a.value(random_inputs(mixed_space, random)) <= value);
  }
}

TEST_CASE("no neighbour of the maximum is better") {
  random_stream random{9, 0, "test"};
  const auto a = after_trials(mixed_space, random);
  const auto x = maximise(a, candidates{mixed_space, 1}, std::nullopt, random);
  const double value = a.value(x);
  for (std::size_t d = 0; d < mixed_space.size(); ++d) {
    const auto& dim = mixed_space[d];
    const auto place = static_cast<Eigen::Index>(d);
    const double own = from_input(dim, x[place]);
    const double step = dim.categorical() ? 1 : dim.stepped() ? dim.step : 1e-4 * own;
    const double last = dim.categorical() ? static_cast<double>(dim.choices) - 1 : dim.high;
    for (const double other : {own - step, own + step}) {
      if (other < (dim.categorical() ? 0 : dim.low) || other > last) continue;
      auto neighbour = x;
      neighbour[place] = to_input(dim, other);
      CAPTURE(d);
      CHECK(a.value(neighbour) <= value + 1e-4);
    }
  }
}

TEST_CASE("a search from the incumbent finds a peak that is too narrow for the candidates") {
  // A best value nearly without noise, and very short length scales: all else promises less.
  const std::vector<dimension> space(6);
  random_stream random{3, 0, "test"};
  auto data = random_observations(40, categorical(space), random);
  data.values[17] = 4;
  const kernel_parameters p{Eigen::ArrayXd::Constant(6, 2000), 1e-3, least_noise};
  const acquisition a{{{regression{p, data}, 3.9}}, 1};
  const Eigen::VectorXd best = data.points.row(17);
  const auto without = maximise(a, candidates{space, 1}, std::nullopt, random);
  const auto with = maximise(a, candidates{space, 1}, best, random);
  CHECK((with - best).norm() < 0.05);
  CHECK(a.value(with) > a.value(without));
}

TEST_CASE("a local search never ends lower than it began") {
  random_stream random{5, 0, "test"};
  const auto a = after_trials(mixed_space, random);
  const local_search search{a, mixed_space};
  for (int i = 0; i < 20; ++i) {
    const auto x = random_inputs(mixed_space, random);
    const auto found = search.climb(x);
    CHECK(found.value >= a.value(x));
    CHECK(found.value == doctest::Approx(a.value(found.x)));
    check_on_grid(mixed_space, found.x);
  }
}

TEST_CASE("spaces of choices only, of a grid only and of one dimension are searched") {
  for (const auto& space :
       {std::vector<dimension>{{.choices = 5}, {.choices = 2}},
        std::vector<dimension>{{.low = 0, .high = 40, .step = 1}}, std::vector<dimension>(1)}) {
    random_stream random{6, 0, "test"};
    const auto a = after_trials(space, random);
    const auto x = maximise(a, candidates{space, 1}, std::nullopt, random);
    check_on_grid(space, x);
    for (int i = 0; i < 500; ++i)
      CHECK(a.value(random_inputs(space, random)) <= a.value(x) + 1e-6);
  }
}

TEST_CASE("a line search finds the peak of a large grid from both sides") {
  const std::vector<dimension> space{{.low = 0, .high = 1000, .step = 1}};
  const observations data{Eigen::Vector3d{0, 0.3, 1}, Eigen::Vector3d{-1, 1, -1}, {false}};
  const acquisition a{{{regression{{Eigen::ArrayXd::Constant(1, 2), 1, 0.01}, data}, no_threshold},
                       {regression{{Eigen::ArrayXd::Constant(1, 2), 1, 0.01}, data}, 1.5}},
                      1};
  double peak = 0;
  for (double i = 0; i <= 1000; ++i)
    if (a.value(Eigen::VectorXd::Constant(1, to_input(space[0], i))) >
        a.value(Eigen::VectorXd::Constant(1, to_input(space[0], peak))))
      peak = i;
  CHECK(peak > 300);
  CHECK(peak < 700);
  const local_search search{a, space};
  for (const double start : {0.0, 100.0, 900.0, 1000.0}) {
    CAPTURE(start);
    const auto found = search.climb(Eigen::VectorXd::Constant(1, to_input(space[0], start)));
    CHECK(std::abs(from_input(space[0], found.x[0]) - peak) <= 1);
  }
}
