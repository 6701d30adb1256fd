#pragma once

#include "search/space/configuration_set.hpp"
#include "search/space/space_walk.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace troupe {

/// Sees to it that no configuration is suggested twice.
///
/// One that has been before is drawn anew. When a hundred draws have brought nothing new, the space
/// is small, or some of it unlikely: then the first configuration in the order of space_walk that
/// has not been is taken. Where the space has no end of values, a thousand draws are made.
class distinct_draws {
public:
  explicit distinct_draws(const study& s);
  distinct_draws(const distinct_draws&) = delete;
  distinct_draws& operator=(const distinct_draws&) = delete;

  /// Returns a configuration for trial `n` that is new: the first such that `draw` returns for the
  /// study's seed, or for others. None if the space is used up; then also ever after.
  std::optional<config> next(trial_number n, const std::function<config(std::uint64_t seed)>& draw);

  /// From now on `c` is not new.
  void insert(const config& c) { seen_.insert(c); }

private:
  const search_space space_;
  const space_sampler sampler_{space_};
  std::uint64_t seed_;
  configuration_set seen_{space_};
  std::optional<space_walk> walk_; ///< None if it had no end. What lies behind it has been seen.
  bool used_up_ = false;
};

} // namespace troupe
