#pragma once

#include "search/searchers/nsga2_options.hpp"
#include "search/searchers/nsga2_selection.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace troupe {

/// A genetic algorithm for one or several objectives (Deb et al., "A fast and elitist
/// multiobjective genetic algorithm: NSGA-II", 2002), as Optuna 5's NSGAIISampler.
///
/// Trials are drawn at random until population_size of them have ended; these are the first
/// parents. From then on a trial is a child: two parents, each the better of two at random, by
/// uniform crossover; then some of its parameters are drawn anew. Whenever population_size more
/// trials have ended, the fittest of them and of the parents are the next parents.
///
/// Nothing ever waits: until then, children are made from the parents that there are. Which of them
/// a late trial descends from does not matter. (In Optuna a generation is closed to late trials,
/// which are lost.)
///
/// A trial counts with its last values, also if the scheduler stopped it; not if it failed or has
/// NaN among them. Parameters with conditions are inherited too, from the parent that has them;
/// Optuna draws those at random.
class nsga2_searcher final : public searcher {
public:
  /// Throws std::invalid_argument for an unknown or wrong option.
  explicit nsga2_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override { adopt(n, c); }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number n, const std::optional<outcome>& last) override;

private:
  struct individual {
    trial_number number;
    std::vector<double> genes; ///< A value per axis; NaN: it has none.
    fitness fit;
  };

  std::vector<double> make_child(random_stream& random) const;
  /// Returns a parent's place, but not `other`: of two at random, the first if it precedes the
  /// second.
  std::size_t choose_parent(random_stream& random, std::optional<std::size_t> other) const;
  void select_parents();

  search_axes axes_;
  std::uint64_t seed_;
  nsga2_options options_;
  double mutation_prob_;
  std::vector<double> signs_; ///< Times a value of an objective gives a loss.
  std::map<trial_number, std::vector<double>> running_;
  std::vector<individual> ended_; ///< Since the parents were selected.
  std::vector<individual> parents_;
};

} // namespace troupe
