#include "search/searchers/nsga2_searcher.hpp"

#include "search/searchers/outcome_values.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace troupe {

nsga2_searcher::nsga2_searcher(const study& s)
    : axes_{s},
      seed_{s.seed},
      options_{read_nsga2_options(s.searcher.options)},
      mutation_prob_{options_.mutation_prob.value_or(
          1 / static_cast<double>(std::max<std::size_t>(axes_.size(), 1)))} {
  for (const auto& o : s.objectives())
    signs_.push_back(o.mode == direction::min ? 1.0 : -1.0);
}

suggestion nsga2_searcher::suggest(trial_number n) {
  std::vector<double> child;
  if (!parents_.empty() && !axes_.is_given(n)) {
    auto random = random_stream{seed_, n, "nsga2"};
    child = make_child(random);
  }
  auto made = axes_.make(n, child);
  running_.insert_or_assign(n, std::move(made.values));
  return std::move(made.config);
}

void nsga2_searcher::adopt(trial_number n, const config& c) {
  running_.insert_or_assign(n, axes_.values_of(c));
}

std::vector<double> nsga2_searcher::make_child(random_stream& random) const {
  std::vector<double> child;
  if (random.uniform() < options_.crossover_prob) {
    const auto first = choose_parent(random, std::nullopt);
    const auto second = choose_parent(random, first);
    child = parents_[first].genes;
    for (std::size_t i = 0; i < child.size(); ++i) {
      const double gene = parents_[second].genes[i];
      const bool swaps = random.uniform() < options_.swapping_prob;
      if (std::isnan(child[i]) || (swaps && !std::isnan(gene))) child[i] = gene;
    }
  } else {
    child = parents_[random.below(parents_.size())].genes;
  }
  for (double& gene : child)
    if (random.uniform() < mutation_prob_) gene = std::numeric_limits<double>::quiet_NaN();
  return child;
}

std::size_t nsga2_searcher::choose_parent(random_stream& random,
                                          std::optional<std::size_t> other) const {
  const auto draw = [&] {
    const auto i = random.below(parents_.size() - (other ? 1 : 0));
    return other && i >= *other ? i + 1 : i;
  };
  const auto a = draw();
  const auto b = draw();
  return precedes(parents_[a].fit, parents_[b].fit) ? a : b;
}

void nsga2_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  auto node = running_.extract(n);
  if (node.empty() || !last) return;
  auto one = individual{n, std::move(node.mapped()), {}};
  for (std::size_t i = 0; i < signs_.size(); ++i) {
    one.fit.values.push_back(signs_[i] * value_at(last->values, i));
    if (std::isnan(one.fit.values.back())) return;
  }
  for (const double c : last->constraints)
    one.fit.violation += std::isnan(c) ? HUGE_VAL : std::max(c, 0.0);
  ended_.push_back(std::move(one));
  if (ended_.size() == options_.population_size) select_parents();
}

void nsga2_searcher::select_parents() {
  std::sort(ended_.begin(), ended_.end(),
            [](const individual& a, const individual& b) { return a.number < b.number; });
  auto all = std::exchange(parents_, {});
  std::move(ended_.begin(), ended_.end(), std::back_inserter(all));
  ended_.clear();
  std::vector<fitness> fits;
  fits.reserve(all.size());
  for (const auto& one : all)
    fits.push_back(one.fit);
  for (const auto i : select_fittest(fits, options_.population_size))
    parents_.push_back(std::move(all[i]));
}

} // namespace troupe
