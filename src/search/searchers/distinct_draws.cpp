#include "search/searchers/distinct_draws.hpp"

#include <troupe/random.hpp>

#include <utility>

namespace troupe {

namespace {

constexpr int draws_before_walk = 100;
constexpr int draws_before_end = 1000;

} // namespace

distinct_draws::distinct_draws(const study& s) : space_{s.space}, seed_{s.seed} {
  if (endless_parameters(space_).empty()) walk_.emplace(space_, sampler_);
}

std::optional<config> distinct_draws::next(trial_number n,
                                           const std::function<config(std::uint64_t seed)>& draw) {
  auto seeds = random_stream{seed_, n, "draw anew"};
  auto seed = seed_;
  for (int i = walk_ ? draws_before_walk : draws_before_end; i > 0 && !used_up_; --i) {
    auto c = draw(seed);
    if (seen_.insert(c)) return c;
    seed = seeds();
  }
  while (walk_ && !used_up_) {
    const auto values = walk_->next(seed_, n);
    if (!values) break;
    auto c = sampler_.assemble(*values);
    if (seen_.insert(c)) return c;
  }
  used_up_ = true;
  return std::nullopt;
}

} // namespace troupe
