#pragma once

#include "search/searchers/gp/model.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/searcher.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace troupe {

/// Suggests what promises most by a Gaussian process of the study's metric, as Optuna's GPSampler
/// does: for few and costly trials. The time for a suggestion grows with the cube of the number of
/// trials.
///
/// The process sees the parameters that every configuration has; all others, those with
/// conditions among them, are drawn at random, as is everything until n_startup_trials have ended.
/// A trial counts if it ended by itself with a value; trials that run are expected to have results
/// as the process foresees, so that many can be asked for at once.
///
/// A suggestion depends on the study, the trial's number and the calls so far alone. Never
/// exhausted.
class gp_searcher final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown or wrong option, several objectives, or too many
  /// parameters.
  explicit gp_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number n, const std::optional<outcome>& last) override;
  void stopped(trial_number n, const std::optional<outcome>& last) override;

private:
  std::vector<double> seen(const std::vector<double>& values) const;

  search_axes axes_;
  std::uint64_t seed_;
  double sign_;                      ///< 1 to minimise, -1 to maximise.
  std::vector<std::size_t> columns_; ///< The axes that the process sees.
  std::optional<gp::model> model_;   ///< None if there are none.
};

} // namespace troupe
