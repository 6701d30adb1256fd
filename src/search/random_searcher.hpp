#pragma once

#include "search/variants.hpp"

#include <troupe/searcher.hpp>

#include <optional>

namespace troupe {

/// Suggests the study's configurations in their order, whatever happened before: the points to
/// evaluate, then independent draws from the search space, each at every point of its grid. Never
/// exhausted: the study's number of trials is what ends it.
class random_searcher final : public searcher {
public:
  /// Throws std::invalid_argument if the space has problems.
  explicit random_searcher(const study& s)
      : variants_{s.space, s.points_to_evaluate, s.constant_grid_search},
        seed_{s.seed} {}

  suggestion suggest(trial_number n) override { return variants_.make(seed_, n).config; }
  void recall(trial_number, const config&) override {}
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  variants variants_;
  std::uint64_t seed_;
};

} // namespace troupe
