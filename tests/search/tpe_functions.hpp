#pragma once

#include "search/space/dimension.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string_view>
#include <vector>

/// Functions to be minimised, as the recorded searches used them.
namespace troupe {

using point = std::vector<double>;

inline double branin(const point& x) {
  constexpr double pi = std::numbers::pi;
  const double a = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

template <std::size_t N>
double hartmann(const point& x, const std::array<std::array<double, N>, 4>& steepness,
                const std::array<std::array<double, N>, 4>& centres) {
  constexpr std::array<double, 4> depth{1, 1.2, 3, 3.2};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double exponent = 0;
    for (std::size_t j = 0; j < N; ++j) {
      const double distance = x[j] - 1e-4 * centres[i][j];
      exponent += steepness[i][j] * distance * distance;
    }
    sum -= depth[i] * std::exp(-exponent);
  }
  return sum;
}

inline double hartmann3(const point& x) {
  return hartmann<3>(
      x, {{{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}}},
      {{{3689, 1170, 2673}, {4699, 4387, 7470}, {1091, 8732, 5547}, {381, 5743, 8828}}});
}

inline double hartmann6(const point& x) {
  return hartmann<6>(x,
                     {{{10, 3, 17, 3.5, 1.7, 8},
                       {0.05, 10, 17, 0.1, 8, 14},
                       {3, 3.5, 1.7, 10, 17, 8},
                       {17, 8, 0.05, 10, 0.1, 14}}},
                     {{{1312, 1696, 5569, 124, 8283, 5886},
                       {2329, 4135, 8307, 3736, 1004, 9991},
                       {2348, 1451, 3522, 2883, 3047, 6650},
                       {4047, 8828, 8732, 5743, 1091, 381}}});
}

inline double rosenbrock4(const point& x) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i)
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  return sum;
}

/// lr (logarithmic), n (logarithmic integer), k (integer), c (one of three), m (only if c is 1).
inline double mixed(const point& x) {
  const double first = std::pow(std::log10(x[0]) + 3, 2) + std::pow(std::log2(x[1]) - 4, 2) / 4 +
                       std::pow((x[2] - 7) / 5, 2);
  constexpr std::array<double, 3> cost{0.5, 0, 1};
  const auto c = static_cast<std::size_t>(x[3]);
  return first + cost[c] + (c == 1 ? 4 * std::pow(x[4] - 0.3, 2) : 0);
}

struct test_function {
  std::string_view name;
  double (*value)(const point&);
  std::vector<dimension> space;
};

inline std::vector<test_function> test_functions() {
  const dimension unit;
  const dimension wide{.low = -2.048, .high = 2.048};
  return {{"branin", branin, {{.low = -5, .high = 10}, {.low = 0, .high = 15}}},
          {"hartmann3", hartmann3, std::vector(3, unit)},
          {"hartmann6", hartmann6, std::vector(6, unit)},
          {"rosenbrock4", rosenbrock4, std::vector(4, wide)},
          {"mixed",
           mixed,
           {{.low = 1e-5, .high = 0.1, .log = true},
            {.low = 1, .high = 64, .step = 1, .log = true},
            {.low = 0, .high = 20, .step = 1},
            {.choices = 3},
            unit}}};
}

/// Takes away what a configuration of the function does not have.
inline void drop_inactive(const test_function& f, point& x) {
  if (f.name == "mixed" && x[3] != 1) x[4] = std::numeric_limits<double>::quiet_NaN();
}

} // namespace troupe
