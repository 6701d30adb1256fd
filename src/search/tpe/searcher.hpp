#pragma once

#include "search/tpe/model.hpp"

#include <troupe/searcher.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Suggests by the tree-structured Parzen estimator. The first suggestions, until
/// n_startup_trials have ended, are those of the random searcher. Never exhausted.
class tpe_searcher final : public searcher {
public:
  explicit tpe_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void observe(trial_number n, int iteration, double value) override;
  void complete(trial_number n, std::optional<double> value) override;
  void stopped(trial_number n, std::optional<double> value) override;

private:
  /// A parameter that is modelled.
  struct parameter {
    std::string path;
    troupe::domain domain;
  };

  static std::vector<tpe::dimension> dimensions_of(const search_space& space);
  void learn(trial_number n, const config& c);

  search_space space_;
  std::uint64_t seed_;
  double sign_; ///< Times a value of the metric gives a loss.
  std::vector<parameter> parameters_;
  tpe::model model_;
  std::map<trial_number, std::optional<int>> running_; ///< With the iteration last reported.
};

} // namespace troupe
