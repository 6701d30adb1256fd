#include "search/space/space_walk.hpp"

#include "base/path.hpp"
#include "search/space/expression.hpp"
#include "search/space/grid.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <string>

namespace troupe {

namespace {

bool is_function(const search_space::entry& e) {
  return std::holds_alternative<sample_from>(e.domain);
}

/// Whether an expression names a law, and so draws.
bool draws(const expression& e, const search_space& space) {
  const auto names = names_in(e.text).paths;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto first = split_first(name).first;
    return first != "math" && is_expression_function(first) && !space.holds(first);
  });
}

std::string endless(const search_space::entry& e, const search_space& space) {
  if (is_function(e)) return {};
  if (const auto* text = std::get_if<expression>(&e.domain))
    return draws(*text, space)
               ? "draws, and a grid needs to know all values; let it compute from a "
                 "parameter that has them"
               : "";
  return finite_values_of(e.domain) ? ""
                                    : "has no end of values, and a grid goes through all of them; "
                                      "give it a step, or make it a choice";
}

/// Returns which entries are functions, or need one: they are called when all others are known.
std::vector<bool> late_ones(const search_space& space, const space_order& order) {
  std::vector<bool> late(space.entries().size());
  for (const auto i : order.order)
    late[i] = is_function(space.entries()[i]) ||
              std::any_of(order.needs[i].begin(), order.needs[i].end(),
                          [&](std::size_t other) { return late[other]; });
  return late;
}

/// Returns all entries, so that each comes after what it needs, and else the last path first.
std::vector<std::size_t> slowest_first(const search_space& space, const space_order& order) {
  const auto& entries = space.entries();
  const auto late = late_ones(space, order);
  std::vector<std::size_t> left(entries.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::stable_sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    if (late[a] != late[b]) return static_cast<bool>(late[b]);
    return path_less(entries[b].path, entries[a].path);
  });
  std::vector<std::size_t> rank(entries.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    rank[left[i]] = i;
  // Of those that have all they need, the first in rank comes next.
  std::vector<std::vector<std::size_t>> needed_by(entries.size());
  std::vector<std::size_t> missing(entries.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const auto other : order.needs[i])
      needed_by[other].push_back(i);
    missing[i] = order.needs[i].size();
    if (missing[i] == 0) ready.push(rank[i]);
  }
  std::vector<std::size_t> found;
  while (!ready.empty()) {
    const auto next = left[ready.top()];
    ready.pop();
    found.push_back(next);
    for (const auto i : needed_by[next])
      if (--missing[i] == 0) ready.push(rank[i]);
  }
  return found;
}

} // namespace

space_walk::space_walk(const search_space& space, const space_sampler& sampler)
    : sampler_{sampler},
      order_{slowest_first(space, sampler.order())},
      digits_(space.entries().size()) {
  if (const auto wrong = endless_parameters(space); !wrong.empty())
    throw std::invalid_argument{"parameter \"" + wrong.front().path +
                                "\": " + wrong.front().problem};
  for (const auto& e : space.entries())
    all_.push_back(finite_values_of(e.domain));
}

std::optional<space_values> space_walk::next(std::uint64_t seed, std::uint64_t number) {
  std::size_t place = 0;
  if (values_) {
    const auto found = find_next();
    if (!found) return std::nullopt;
    const auto i = order_[*found];
    (*values_)[i] = all_[i]->at(++digits_[i]);
    place = *found + 1;
  } else {
    values_.emplace(digits_.size());
  }
  for (; place < order_.size(); ++place) {
    digits_[order_[place]] = 0;
    (*values_)[order_[place]].reset();
    begin(place, seed, number, *values_);
  }
  return values_;
}

std::optional<std::size_t> space_walk::find_next() const {
  for (auto place = order_.size(); place-- > 0;) {
    const auto i = order_[place];
    if (all_[i] && (*values_)[i] && digits_[i] + 1 < all_[i]->count) return place;
  }
  return std::nullopt;
}

void space_walk::begin(std::size_t place, std::uint64_t seed, std::uint64_t number,
                       space_values& values) const {
  const auto i = order_[place];
  if (all_[i] && !values[i]) values[i] = all_[i]->at(0);
  sampler_.settle(i, seed, number, values);
}

void space_walk::complete(std::uint64_t seed, std::uint64_t number, space_values& given) const {
  for (std::size_t place = 0; place < order_.size(); ++place)
    begin(place, seed, number, given);
}

std::vector<space_problem> endless_parameters(const search_space& space) {
  std::vector<space_problem> found;
  for (const auto& e : space.entries())
    if (auto problem = endless(e, space); !problem.empty())
      found.push_back({e.path, "", std::move(problem)});
  return found;
}

} // namespace troupe
