#pragma once

#include "views/table.hpp"

#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstddef>

namespace troupe {

/// How much each parameter mattered for being among the best tenth of the trials.
struct importance {
  table shares;           ///< "parameter", "importance": above 0, 1 in all; the greatest first.
  std::size_t trials = 0; ///< So many counted. With fewer than two all shares are equal.
};

/// Judges by the trials that have ended with a value of the study's metric (of the first, with
/// several), as Optuna's tables have them: PED-ANOVA (S. Watanabe, A. Bansal, F. Hutter, IJCAI
/// 2023, arXiv:2304.10255), and what it makes of parameters that some trials do not have
/// (arXiv:2601.20800), as Optuna 5's get_param_importances() does both. Parameters are those that
/// have a distribution there, and that a trial that counts has.
importance importance_of(const study& s, const study_results& r);

} // namespace troupe
