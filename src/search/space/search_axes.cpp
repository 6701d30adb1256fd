#include "search/space/search_axes.hpp"

#include "search/space/value_key.hpp"
#include "search/space/variants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace troupe {

search_axes::search_axes(const study& s) : space_{s.space}, seed_{s.seed} {
  const auto& entries = space_.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [path, law, when] = entries[i];
    if (std::holds_alternative<grid_search>(law))
      throw std::invalid_argument{"parameter \"" + path + "\": searcher \"" + s.searcher.name +
                                  "\" does not go through a grid_search; make it a choice"};
    auto distinct = law; // what models see: a value that is listed twice counts as its first
    if (auto* listed = std::get_if<choice>(&distinct))
      listed->values = without_repeats(listed->values);
    if (const auto dim = dimension_of(distinct))
      axes_.push_back({path, *dim, !when.empty(), std::move(distinct), i});
  }
  for (const auto& point : s.points_to_evaluate) {
    std::vector<point_problem> problems;
    points_.push_back(troupe::values_of(space_, point, problems));
    if (!problems.empty())
      throw std::invalid_argument{"points_to_evaluate: " + problems.front().path + ": " +
                                  problems.front().problem};
  }
}

search_axes::candidate search_axes::make(trial_number n,
                                         const std::vector<double>& proposal) const {
  auto values = is_given(n) ? points_[n] : space_values(space_.entries().size());
  if (!is_given(n) && !proposal.empty())
    for (std::size_t i = 0; i < axes_.size(); ++i)
      if (!std::isnan(proposal[i])) values[axes_[i].entry] = to_value(axes_[i].domain, proposal[i]);
  sampler_.draw(seed_, n, values);
  return {sampler_.assemble(values), read(values)};
}

std::vector<double> search_axes::read(const space_values& values) const {
  std::vector<double> row;
  row.reserve(axes_.size());
  for (const auto& a : axes_)
    row.push_back(values[a.entry] ? to_number(a.domain, *values[a.entry])
                                  : std::numeric_limits<double>::quiet_NaN());
  return row;
}

std::vector<double> search_axes::values_of(const config& c) const {
  std::vector<double> row;
  row.reserve(axes_.size());
  for (const auto& a : axes_) {
    const auto* v = find(c, a.path);
    row.push_back(v ? to_number(a.domain, *v) : std::numeric_limits<double>::quiet_NaN());
  }
  return row;
}

std::vector<dimension> search_axes::dimensions() const {
  std::vector<dimension> all;
  for (const auto& a : axes_)
    all.push_back(a.dim);
  return all;
}

} // namespace troupe
