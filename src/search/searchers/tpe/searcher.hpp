#pragma once

#include "search/searchers/tpe/model.hpp"
#include "search/space/search_axes.hpp"

#include <troupe/searcher.hpp>

#include <map>
#include <optional>
#include <vector>

namespace troupe {

/// Suggests by the tree-structured Parzen estimator. The first suggestions, until
/// n_startup_trials have ended, are those of the random searcher. Never exhausted.
class tpe_searcher final : public searcher {
public:
  explicit tpe_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override { adopt(n, c); }
  void observe(trial_number n, int iteration, const outcome& o) override;
  void complete(trial_number n, const std::optional<outcome>& last) override;
  void stopped(trial_number n, const std::optional<outcome>& last) override;

private:
  void learn(trial_number n, const std::vector<double>& values);
  void finish(const outcome& last, const tpe::standing& s);
  std::vector<double> losses_of(const outcome& o) const;

  search_axes axes_;
  std::uint64_t seed_;
  std::vector<double> signs_; ///< Times a value of an objective gives a loss.
  tpe::model model_;
  struct running_trial {
    tpe::row_number row;
    std::optional<int> iteration{}; ///< Last reported.
  };
  std::map<trial_number, running_trial> running_;
  tpe::row_number rows_ = 0; ///< Used: in the order in which trials began.
};

} // namespace troupe
