#pragma once

#include <cstddef>
#include <cstdint>

namespace troupe::tpe {

/// How wide the kernels of numeric parameters are.
enum class bandwidths : std::uint8_t {
  neighbours, ///< As the larger gap to the neighbouring observations.
  shared,     ///< The same for all: 0.2 n^(-1/(d+4)) of the range (Optuna 4, multivariate).
};

/// How observations become kernels. The names are those of Optuna's TPESampler.
struct kernel_rules {
  double prior_weight = 1;
  bool consider_magic_clip = true; ///< Kernels are at least range / min(100, n + 2) wide.
  bool consider_endpoints = false; ///< The bounds are neighbours of the outermost observations.
  tpe::bandwidths bandwidths = bandwidths::neighbours;
};

} // namespace troupe::tpe
