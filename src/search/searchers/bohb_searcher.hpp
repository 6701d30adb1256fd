#pragma once

#include "search/searchers/bohb_density.hpp"
#include "search/searchers/bohb_options.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// The model of BOHB (Falkner et al., "BOHB: Robust and efficient hyperparameter optimization at
/// scale", ICML 2018), as HpBandSter and Ray's TuneBOHB have it; for schedulers that give many
/// trials few iterations: hyperband, asha.
///
/// Each iteration is a budget, and what trials report there are its results. (A scheduler's own
/// budgets are among them. TuneBOHB hears of those alone; here the iterations between them, where
/// as many trials report, are results as well, and there is a model on a larger budget earlier.)
/// The largest budget with enough results has the model: a density of the good ones, one of the
/// others. Results on smaller budgets are forgotten. A third of the suggestions are random draws;
/// else, of some candidates drawn from the good density, the one is suggested whose good density is
/// the largest in proportion to the other.
///
/// A value that is not finite is the worst. A trial that failed has the worst value at the
/// iteration that it did not reach. One that is tried again replaces what it reported before. Who
/// has an end without a report, as when single values are told, reports at iteration 1.
class bohb_searcher final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown or wrong option.
  explicit bohb_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override { adopt(n, c); }
  void observe(trial_number n, int iteration, const outcome& o) override;
  void complete(trial_number n, const std::optional<outcome>& last) override;
  void stopped(trial_number n, const std::optional<outcome>& last) override;

private:
  using rows = std::vector<std::vector<double>>;

  /// How many results of a budget are good, and how many of the next count as the others; none if
  /// there are too few for a model.
  std::optional<std::pair<std::size_t, std::size_t>> split(std::size_t results) const;

  void start(trial_number n, const std::vector<double>& values);
  void count(trial_number n, int iteration, double value);
  std::pair<rows, rows> good_and_others() const;
  std::vector<double> propose(random_stream& random) const;

  search_axes axes_;
  std::uint64_t seed_;
  double sign_; ///< 1 to minimise, -1 to maximise.
  bohb_options options_;
  std::size_t min_points_;
  std::vector<std::size_t> choices_; ///< Per axis; 0: numeric.

  /// Per trial: the coordinate or choice on each axis.
  std::unordered_map<trial_number, std::vector<double>> rows_;
  std::map<trial_number, int> running_; ///< With the iteration last reported, 0 before.
  std::map<int, std::map<trial_number, double>> budgets_; ///< Losses.
  std::optional<int> model_budget_;
};

} // namespace troupe
