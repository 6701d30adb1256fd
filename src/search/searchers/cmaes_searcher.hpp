#pragma once

#include "search/searchers/cmaes/cma.hpp"
#include "search/searchers/cmaes/margin.hpp"
#include "search/searchers/cmaes_options.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/searcher.hpp>

#include <Eigen/Core>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Suggests draws from a distribution that a CMA-ES moves towards better trials, as Optuna's
/// CmaEsSampler does.
///
/// Each numeric parameter that every configuration has is a coordinate from 0 to 1 (dimension;
/// integers count with the middle of their part). The distribution starts in the middle. All other
/// parameters, also those with conditions, are drawn at random, independently, as are all
/// parameters of the first trials.
///
/// A trial counts with the last value of the study's metric, whoever ended it; one that failed or
/// has no value, or NaN, does not count. When a generation is complete, the distribution moves.
/// Nothing ever waits: as long as results are missing, more is drawn from the same distribution.
/// Results that come after their generation are not lost, as they are in Optuna: they count in the
/// next one, pulled to where that one might have drawn them (cma::injected). When there is nothing
/// more to be gained (cma::should_stop), the search starts again in another place, where Optuna
/// would repeat the same suggestion for ever.
///
/// A suggestion depends on the study, the trial's number and the calls so far alone.
class cmaes_searcher final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown or wrong option, and if no source trial, or too
  /// few, fit the space.
  explicit cmaes_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number n, const std::optional<outcome>& last) override;

private:
  /// A parameter that the CMA-ES searches.
  struct coordinate {
    std::size_t axis; ///< In axes_.
    dimension dim;
    double step; ///< With margin, on a grid: the distance of two values; else 0.

    double from(double u) const;
    double to(double x) const;
  };

  /// A point and the generation that drew it.
  struct drawn {
    Eigen::Index generation;
    Eigen::VectorXd x;
  };

  /// A point with its value, less is better.
  struct judged {
    trial_number number;
    drawn point;
    double value;
  };

  void find_coordinates();
  void start(const cmaes_options& options);
  void begin();
  void begin_elsewhere();
  void read_source(const std::vector<cmaes_options::source_trial>& trials, cma_options& out) const;
  std::optional<Eigen::VectorXd> position(const std::vector<double>& values) const;
  void learn();

  search_axes axes_;
  std::uint64_t seed_;
  double sign_; ///< 1 to minimise, -1 to maximise.
  std::uint32_t startup_trials_;
  std::vector<coordinate> coordinates_;
  cma_box box_;
  cma_options origin_;    ///< Where es_ began.
  std::optional<cma> es_; ///< None if there is nothing for it to search.
  std::optional<cma_margin> margin_;
  bool with_margin_ = false;
  std::uint64_t begun_again_ = 0;         ///< How often.
  std::uint64_t ended_ = 0;               ///< Trials that ended with a value.
  std::map<trial_number, drawn> running_; ///< Drawn by es_.
  std::vector<judged> generation_;        ///< What the next tell is made of.
};

} // namespace troupe
