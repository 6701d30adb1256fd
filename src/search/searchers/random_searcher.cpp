#include "search/searchers/random_searcher.hpp"

#include "base/option_values.hpp"

#include <utility>

namespace troupe {

namespace {

constexpr option random_searcher_table[] = {
    {.key = "avoid_duplicates",
     .type = option_type::truth,
     .help = "whether a configuration that has been before is drawn anew, until a finite space is "
             "used up",
     .fallback = "false",
     .silent = true}, // So that a study without "searcher" is written as it is read.
};

} // namespace

constinit const plugin random_plugin{.name = "random",
                                     .summary = "independent draws, each at every point of a grid",
                                     .options = random_searcher_table};

random_searcher::random_searcher(const study& s)
    : variants_{s.space, s.points_to_evaluate, s.constant_grid_search},
      seed_{s.seed} {
  const auto in = option_values::of(random_plugin, s.searcher.options);
  if (in.maybe_truth("avoid_duplicates")) distinct_.emplace(s);
}

suggestion random_searcher::suggest(trial_number n) {
  if (!distinct_) return variants_.configuration(seed_, n);
  auto c = distinct_->next(n, [&](std::uint64_t seed) { return variants_.configuration(seed, n); });
  if (!c) return exhausted{};
  return std::move(*c);
}

void random_searcher::adopt(trial_number, const config& c) {
  if (distinct_) distinct_->insert(c);
}

} // namespace troupe
