#include "search/searchers/random_searcher.hpp"

#include "base/option_reader.hpp"

#include <utility>

namespace troupe {

random_searcher::random_searcher(const study& s)
    : variants_{s.space, s.points_to_evaluate, s.constant_grid_search},
      seed_{s.seed} {
  auto in = option_reader{"random", s.searcher.options};
  bool avoid_duplicates = false;
  in.read("avoid_duplicates", avoid_duplicates);
  in.finish();
  if (avoid_duplicates) distinct_.emplace(s);
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
