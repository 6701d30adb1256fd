#include "search/numbers/pareto.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace troupe;

namespace {

std::vector<losses> random_points(random_stream& random, std::size_t count, std::size_t objectives,
                                  std::uint64_t values) {
  std::vector<losses> points(count, losses(objectives));
  for (auto& p : points)
    for (double& x : p)
      x = static_cast<double>(random.below(values)) / static_cast<double>(values);
  return points;
}

/// The volume by counting cells of a grid that the points' coordinates are multiples of.
double counted_volume(const std::vector<losses>& points, std::size_t objectives,
                      std::size_t cells) {
  std::size_t total = 1;
  for (std::size_t i = 0; i < objectives; ++i)
    total *= cells;
  std::size_t covered = 0;
  for (std::size_t cell = 0; cell < total; ++cell) {
    losses corner;
    for (std::size_t rest = cell, i = 0; i < objectives; ++i, rest /= cells)
      corner.push_back(static_cast<double>(rest % cells) / static_cast<double>(cells));
    covered += std::any_of(points.begin(), points.end(), [&](const losses& p) {
      return std::equal(p.begin(), p.end(), corner.begin(), std::less_equal<>{});
    });
  }
  return static_cast<double>(covered) / static_cast<double>(total);
}

} // namespace

TEST_CASE("one point dominates another if it is nowhere worse and somewhere better") {
  CHECK(dominates({1, 2}, {1, 3}));
  CHECK(dominates({0, 2}, {1, 3}));
  CHECK_FALSE(dominates({1, 2}, {1, 2}));
  CHECK_FALSE(dominates({0, 4}, {1, 3}));
}

TEST_CASE("fronts are what is not dominated by what is left") {
  auto random = random_stream{7, 0, "fronts"};
  for (int round = 0; round < 50; ++round) {
    const auto points = random_points(random, 1 + random.below(40), 1 + random.below(4), 8);
    std::vector<int> left(points.size(), 1);
    for (const auto& front : pareto_fronts(points, points.size())) {
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < points.size(); ++i) {
        bool is_dominated = false;
        for (std::size_t j = 0; j < points.size(); ++j)
          is_dominated |= left[j] != 0 && dominates(points[j], points[i]);
        if (left[i] != 0 && !is_dominated) expected.push_back(i);
      }
      CHECK(front == expected);
      for (const auto i : front)
        left[i] = 0;
    }
    CHECK(std::count(left.begin(), left.end(), 1) == 0);
  }
}

TEST_CASE("no more fronts are looked for than enough") {
  CHECK(pareto_fronts({{1}, {2}, {3}, {4}}, 2).size() == 2);
  CHECK(pareto_fronts({{1}, {1}, {3}, {4}}, 2).size() == 1);
  CHECK(pareto_fronts({}, 2).empty());
}

TEST_CASE("the hypervolume is that of the cells which the points dominate") {
  auto random = random_stream{7, 1, "volumes"};
  for (int round = 0; round < 40; ++round) {
    const std::size_t objectives = 1 + random.below(4);
    const auto points = random_points(random, random.below(12), objectives, 6);
    CHECK(hypervolume(points, losses(objectives, 1.0)) ==
          doctest::Approx(counted_volume(points, objectives, 6)));
  }
}

TEST_CASE("points beyond the reference count for nothing") {
  CHECK(hypervolume({{0.5, 1.5}, {2, 0}}, {1, 1}) == 0);
  CHECK(hypervolume({{0.5, 0.5}, {2, 0}}, {1, 1}) == 0.25);
}

TEST_CASE("points are chosen one by one by what they add") {
  auto random = random_stream{7, 2, "choices"};
  for (int round = 0; round < 30; ++round) {
    const std::size_t objectives = 2 + random.below(2);
    const auto points = random_points(random, 3 + random.below(10), objectives, 50);
    const losses reference(objectives, 1.0);
    std::vector<std::size_t> expected;
    std::vector<losses> covered;
    for (int k = 0; k < 3; ++k) {
      std::size_t best = points.size();
      double most = -1;
      for (std::size_t i = 0; i < points.size(); ++i) {
        if (std::find(expected.begin(), expected.end(), i) != expected.end()) continue;
        auto with = covered;
        with.push_back(points[i]);
        if (const double v = hypervolume(with, reference); v > most + 1e-12) {
          most = v;
          best = i;
        }
      }
      expected.push_back(best);
      covered.push_back(points[best]);
    }
    std::vector<losses> chosen;
    for (const auto i : most_volume(points, 3, reference))
      chosen.push_back(points[i]);
    CHECK(hypervolume(chosen, reference) == doctest::Approx(hypervolume(covered, reference)));
  }
}

TEST_CASE("the reference lies a tenth beyond the worst") {
  CHECK(reference_beyond({{1, -2, 0}, {2, -1, 0}}) == losses{2.2, -0.9, 1e-12});
}
