#pragma once

#include <troupe/searcher.hpp>

#include <optional>
#include <utility>

namespace troupe {

/// Suggests independent draws from the search space: trial `n` gets `sample(space, seed, n)`,
/// whatever happened before. Never exhausted.
class random_searcher final : public searcher {
public:
  random_searcher(search_space space, std::uint64_t seed) : space_{std::move(space)}, seed_{seed} {}

  suggestion suggest(trial_number n) override { return sample(space_, seed_, n); }
  void observe(trial_number, int, double) override {}
  void complete(trial_number, std::optional<double>) override {}

private:
  search_space space_;
  std::uint64_t seed_;
};

} // namespace troupe
