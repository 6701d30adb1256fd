#pragma once

#include "base/options.hpp"
#include "search/space/configuration_set.hpp"
#include "search/space/space_walk.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// The searcher `grid` and its options.
extern const plugin grid_plugin;

/// Suggests every configuration of the space once, in the order of space_walk, whatever happens;
/// then it is exhausted. It draws nothing. (Optuna's GridSampler goes through its grid in a random
/// order.)
///
/// Points to evaluate come first: what they leave open has its first value. They, and what is
/// adopted, are not suggested again.
class grid_searcher final : public searcher {
public:
  /// Throws std::invalid_argument, naming the parameter, if one has no finite number of values, and
  /// for an option.
  explicit grid_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number, const config& c) override { tried_.insert(c); }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  const search_space space_;
  const space_sampler sampler_{space_};
  space_walk walk_{space_, sampler_};
  std::uint64_t seed_;
  std::vector<space_values> points_;
  configuration_set tried_{space_}; ///< Points to evaluate, and what was adopted.
};

} // namespace troupe
