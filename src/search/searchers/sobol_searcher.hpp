#pragma once

#include "base/options.hpp"
#include "search/numbers/sobol.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/searcher.hpp>

#include <optional>

namespace troupe {

/// The searcher `sobol` and its options.
extern const plugin sobol_plugin;

/// Suggests the points of Sobol's sequence: trial `n` gets point `n`, whatever happened before, so
/// a study and a longer one begin alike. Never exhausted.
///
/// Each parameter that has a dimension takes an axis, in the order of the space (search_axes), and
/// has its coordinate there. The only option is `scramble` (false): true draws a scrambled sequence
/// by the study's seed; else all studies have the same points, and trial 0 the lowest value of
/// every parameter.
///
/// Optuna's QMCSampler differs: it draws trial 0 at random, to learn the space from it.
class sobol_searcher final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown or wrong option, and for a space with more
  /// parameters than the sequence has axes.
  explicit sobol_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void recall(trial_number, const config&) override {}
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  search_axes axes_;
  std::optional<sobol_sequence> sequence_;
};

} // namespace troupe
