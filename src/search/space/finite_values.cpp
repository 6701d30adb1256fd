#include "search/space/finite_values.hpp"

#include "base/decimals.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/space_sampler.hpp"
#include "search/space/value_key.hpp"
#include "search/space/whole_range.hpp"

#include <troupe/space.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

using values = std::optional<finite_values>;

finite_values listed(const std::vector<json::value>& all) {
  auto distinct = without_repeats(all);
  const auto count = distinct.size();
  return {count, [values = std::move(distinct)](std::uint64_t i) { return values[i]; }};
}

/// first q, …, last q.
finite_values multiples_at(multiples m, double q) {
  return {static_cast<std::uint64_t>(m.last - m.first) + 1, [first = m.first, q](std::uint64_t i) {
            return json::value(decimal_step(0, first + static_cast<double>(i), q));
          }};
}

/// Adds to `out` what a value of a grid stands for: all that its space makes, whose first
/// parameters vary fastest. Returns false if that has no end.
bool add_inside(const search_space& space, std::vector<json::value>& out) {
  std::vector<config> made(1);
  for (const auto& e : space.entries()) {
    const auto own = finite_values_of(e.domain);
    if (!own) return false;
    std::vector<config> longer;
    for (std::uint64_t i = 0; i < own->count; ++i)
      for (auto c : made) {
        place(c, e.path, own->at(i));
        longer.push_back(std::move(c));
      }
    made = std::move(longer);
  }
  for (const auto& c : made)
    out.push_back(c.begin()->value());
  return true;
}

struct enumeration {
  values operator()(const constant& d) const { return listed({d.value}); }
  values operator()(const choice& d) const { return listed(d.values); }

  values operator()(const quniform& d) const {
    return multiples_at(multiples_of(d.q, d.low, d.high), d.q);
  }
  values operator()(const qloguniform& d) const {
    return multiples_at(multiples_of(d.q, d.low, d.high), d.q);
  }

  values operator()(const float_range& d) const {
    if (d.low == d.high) return listed({d.low});
    if (!d.step) return std::nullopt;
    return finite_values{static_cast<std::uint64_t>(steps_of(d)) + 1, [d](std::uint64_t i) {
                           return json::value(nth_value(d, static_cast<double>(i)));
                         }};
  }

  values operator()(const grid_search& d) const {
    std::vector<json::value> all;
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      const auto* space = i < d.inside.size() ? d.inside[i].get() : nullptr;
      if (!space)
        all.push_back(d.values[i]);
      else if (!add_inside(*space, all))
        return std::nullopt;
    }
    return listed(all);
  }

  template <whole_law Law>
  values operator()(const Law& d) const {
    const auto r = range_of(d);
    return finite_values{r.count(), [r](std::uint64_t i) { return json::value(r.value(i)); }};
  }

  template <class Other>
  values operator()(const Other&) const {
    return std::nullopt;
  }
};

} // namespace

std::optional<finite_values> finite_values_of(const domain& d) {
  return std::visit(enumeration{}, d);
}

} // namespace troupe
