#pragma once

#include "base/options.hpp"
#include "search/searchers/distinct_draws.hpp"
#include "search/space/variants.hpp"

#include <troupe/searcher.hpp>

#include <optional>

namespace troupe {

/// The searcher `random` and its options.
extern const plugin random_plugin;

/// Suggests the study's configurations in their order, whatever happened before: the points to
/// evaluate, then independent draws from the search space, each at every point of its grid. Never
/// exhausted, unless with the option `avoid_duplicates` (false): then a configuration that was
/// suggested before, or adopted, is drawn anew, until the space is used up.
class random_searcher final : public searcher {
public:
  /// Throws std::invalid_argument if the space has problems, and for an unknown or wrong option.
  explicit random_searcher(const study& s);

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override { adopt(n, c); }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  variants variants_;
  std::uint64_t seed_;
  std::optional<distinct_draws> distinct_;
};

} // namespace troupe
