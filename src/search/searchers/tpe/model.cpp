#include "search/searchers/tpe/model.hpp"

#include <algorithm>
#include <utility>

namespace troupe::tpe {

namespace {

using parameters = std::vector<std::size_t>;

/// Returns where log l - log g is largest; the first of equals.
std::size_t best_of(const std::vector<double>& l, const std::vector<double>& g) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < l.size(); ++i)
    if (l[i] - g[i] > l[best] - g[best]) best = i;
  return best;
}

/// Splits each group into what `present` has and what it has not; what it has beyond all groups
/// becomes one more.
std::vector<parameters> refine(const std::vector<parameters>& groups,
                               const std::vector<bool>& present) {
  std::vector<parameters> refined;
  parameters rest;
  std::vector<bool> seen(present.size());
  const auto keep = [&](parameters group) {
    if (!group.empty()) refined.push_back(std::move(group));
  };
  for (const auto& group : groups) {
    parameters in;
    parameters out;
    for (const std::size_t p : group) {
      (present[p] ? in : out).push_back(p);
      seen[p] = true;
    }
    keep(std::move(in));
    keep(std::move(out));
  }
  for (std::size_t p = 0; p < present.size(); ++p)
    if (present[p] && !seen[p]) rest.push_back(p);
  keep(std::move(rest));
  return refined;
}

} // namespace

model::model(std::vector<dimension> parameters, const tpe_options& options, std::size_t objectives)
    : table_{std::move(parameters)},
      options_{options},
      is_single_{objectives == 1},
      split_{make_split(objectives)},
      apart_(table_.dimensions.size()) {
  regroup();
}

void model::start(row_number n, const std::vector<double>& values) {
  table_.set(n, values);
  if (places_.size() <= n) places_.resize(n + 1, place::nowhere);
  move(n, place::running);
}

void model::finish(const standing& s) {
  const auto moves = split_->add(s);
  if (learn_parameters(s.number)) {
    for (const auto& m : moves)
      places_[m.number] = m.to == split::side::below ? place::below : place::above;
    return regroup();
  }
  for (const auto& m : moves)
    move(m.number, m.to == split::side::below ? place::below : place::above);
}

void model::fail(row_number n) {
  move(n, place::nowhere);
}

void model::set_apart(std::size_t parameter) {
  apart_[parameter] = true;
  for (auto& joint : together_)
    std::erase(joint, parameter);
  regroup();
}

kernel_set* model::set_at(group& g, place p) const {
  switch (p) {
  case place::below:
    return &g.below;
  case place::above:
    return &g.above;
  case place::running:
    return options_.constant_liar ? &g.above : nullptr;
  case place::nowhere:
    break;
  }
  return nullptr;
}

void model::move(row_number n, place to) {
  const place from = std::exchange(places_[n], to);
  for (group& g : groups_) {
    kernel_set* const old_set = set_at(g, from);
    kernel_set* const new_set = set_at(g, to);
    if (old_set == new_set || !table_.has_all(n, g.parameters)) continue;
    if (old_set) old_set->erase(table_, n);
    if (new_set) new_set->insert(table_, n);
  }
}

/// Returns whether a trial has all that is drawn jointly, as nearly all trials have.
bool model::keeps_together(row_number n) const {
  if (together_.empty()) return true;
  const auto& joint = together_.front();
  return !joint.empty() && table_.has_all(n, joint);
}

/// Takes note of which parameters an ended trial has; returns whether that changes the groups.
bool model::learn_parameters(row_number n) {
  if (!is_multivariate()) return false;
  const bool refines = options_.group || split_->size() == 1;
  if (!refines && keeps_together(n)) return false;
  std::vector<bool> present(apart_.size());
  for (std::size_t p = 0; p < present.size(); ++p)
    present[p] = !apart_[p] && table_.has_all(n, {p});
  std::vector<parameters> refined;
  if (refines) {
    refined = refine(together_, present);
  } else if (!together_.empty()) {
    parameters common = together_.front();
    std::erase_if(common, [&](std::size_t p) { return !present[p]; });
    if (!common.empty()) refined.push_back(std::move(common));
  }
  const bool changes = refined != together_;
  together_ = std::move(refined);
  return changes;
}

void model::regroup() {
  groups_.clear();
  const auto add = [&](const parameters& p) {
    const kernel_set empty{table_, p, options_.kernels};
    groups_.push_back({p, empty, empty});
  };
  std::vector<bool> joint(apart_.size());
  for (const auto& some : together_) {
    if (!some.empty()) add(some);
    for (const std::size_t p : some)
      joint[p] = true;
  }
  for (std::size_t p = 0; p < joint.size(); ++p)
    if (!joint[p]) add({p});
  for (row_number n = 0; n < places_.size(); ++n)
    for (group& g : groups_)
      if (kernel_set* const set = set_at(g, places_[n]))
        if (table_.has_all(n, g.parameters)) set->insert(table_, n);
}

std::vector<double> model::suggest(random_stream& random) {
  std::vector<double> values(table_.dimensions.size());
  for (group& g : groups_) {
    const mixture l = g.below.compile(table_);
    const auto candidates = l.sample(random, options_.n_ei_candidates);
    const std::size_t best =
        best_of(l.log_density(candidates), g.above.compile(table_).log_density(candidates));
    for (std::size_t i = 0; i < g.parameters.size(); ++i)
      values[g.parameters[i]] = candidates.row(i)[best];
  }
  return values;
}

} // namespace troupe::tpe
