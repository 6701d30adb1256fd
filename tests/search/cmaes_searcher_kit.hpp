#pragma once

#include "base/json.hpp"

#include <troupe/searcher.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

inline study study_with(search_space space, boost::json::object options = {},
                        std::uint64_t seed = 5) {
  auto s = study{};
  s.metric = "loss";
  s.seed = seed;
  s.space = std::move(space);
  s.searcher = {"cmaes", std::move(options)};
  return s;
}

/// Returns a space with `dim` parameters x0, x1, … in [low, high).
inline search_space cube(int dim, double low, double high) {
  auto space = search_space{};
  for (int i = 0; i < dim; ++i)
    space.add("x" + std::to_string(i), uniform{low, high});
  return space;
}

inline config suggested(searcher& searcher, trial_number n) {
  return std::get<config>(searcher.suggest(n));
}

/// Returns the values of a flat configuration of numbers.
inline std::vector<double> position(const config& c) {
  std::vector<double> x;
  for (const auto& member : c)
    x.push_back(as_number(member.value()));
  return x;
}

inline double sphere(const std::vector<double>& x) {
  double sum = 0;
  for (const double xi : x)
    sum += (xi - 0.7) * (xi - 0.7);
  return sum;
}

} // namespace troupe
