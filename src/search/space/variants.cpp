#include "search/space/variants.hpp"

#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/parameter_error.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

/// Makes the values of the axes of one configuration.
class grid_values {
public:
  grid_values(const std::vector<grid_digit>& digits, std::uint64_t seed, std::uint64_t number,
              std::vector<evaluated_value>& evaluated)
      : seed_{seed},
        number_{number},
        evaluated_{evaluated} {
    for (const auto& d : digits)
      digits_.try_emplace({d.axis.values, d.axis.path}, d.value);
  }

  /// Returns the value of `grid`, which stands at `path`.
  json::value of(const grid_search& grid, const std::string& path) {
    const auto i = digits_.at({&grid, path});
    const bool has_space = i < grid.inside.size() && grid.inside[i];
    return has_space ? of(*grid.inside[i], path) : grid.values[i];
  }

private:
  /// Returns what is drawn, or enumerated, from the space of a value at `path`.
  json::value of(const search_space& space, const std::string& path) {
    config wrapped;
    for (const auto& e : space.entries()) {
      const auto rest = split_first(e.path).second;
      const auto inner = rest.empty() ? path : join_path(path, rest);
      const auto* grid = std::get_if<grid_search>(&e.domain);
      auto random = random_stream{seed_, number_, "space/" + inner};
      auto v = grid ? of(*grid, inner) : draw(e.domain, random);
      if (!rest.empty() && !std::holds_alternative<constant>(e.domain))
        evaluated_.emplace_back(inner, v);
      place(wrapped, e.path, std::move(v));
    }
    return wrapped.begin()->value();
  }

  std::map<std::pair<const grid_search*, std::string>, std::size_t> digits_; ///< Which value.
  std::uint64_t seed_, number_;
  std::vector<evaluated_value>& evaluated_;
};

/// Reads a point to evaluate along the space.
class point_reader {
public:
  point_reader(const search_space& space, std::vector<point_problem>& problems)
      : space_{space},
        problems_{problems},
        values_(space.entries().size()) {}

  void read(const json::value& v, const std::string& path) {
    if (const auto found = space_.index_of(path))
      values_[*found] = v;
    else if (!path.empty() && !space_.holds(path))
      problems_.push_back({path, "unknown parameter; " +
                                     suggest_parameter(path, space_.entries(), problems_.size())});
    else
      read_nested(v, path);
  }

  space_values result() { return std::move(values_); }

private:
  void read_nested(const json::value& v, const std::string& path) {
    if (const auto* members = v.if_object()) {
      for (const auto& member : *members)
        read(member.value(), join_path(path, member.key()));
    } else if (const auto* list = v.if_array()) {
      for (std::size_t i = 0; i < list->size(); ++i)
        read((*list)[i], join_path(path, std::to_string(i)));
    } else {
      problems_.push_back(
          {path, "must be an object or a list, as in the space; found " + describe(v)});
    }
  }

  const search_space& space_;
  std::vector<point_problem>& problems_;
  space_values values_;
};

/// Returns how many configurations a sample is in which these values are given.
std::uint64_t count_open(const search_space& space, const space_values& given) {
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < given.size(); ++i)
    if (const auto* grid = std::get_if<grid_search>(&space.entries()[i].domain); grid && !given[i])
      count = saturating_product(count, points_of(*grid));
  return count;
}

} // namespace

space_values values_of(const search_space& space, const config& point,
                       std::vector<point_problem>& problems) {
  auto reader = point_reader{space, problems};
  reader.read(point, "");
  return reader.result();
}

space_values given_values(const search_space& space, const config& point) {
  std::vector<point_problem> problems;
  auto given = values_of(space, point, problems);
  if (!problems.empty())
    throw std::invalid_argument{"point to evaluate: " + problems[0].path + ": " +
                                problems[0].problem};
  return given;
}

variants::variants(search_space space, const std::vector<config>& points, bool constant_grid_search)
    : space_{std::move(space)},
      is_constant_{constant_grid_search} {
  for (const auto& point : points) {
    auto given = given_values(space_, point);
    const auto count = count_open(space_, given);
    points_.push_back({std::move(given), count});
  }
  open_.given.resize(space_.entries().size());
  open_.count = count_open(space_, open_.given);
}

variants::position variants::locate(std::uint64_t number) const noexcept {
  for (const auto& point : points_) {
    if (number < point.count) return {&point, number};
    number -= point.count;
  }
  return {&open_, number % open_.count};
}

/// Returns the values of a configuration; adds those inside the values of its grid to `inside`.
space_values variants::draw(std::uint64_t seed, std::uint64_t number, const position& where,
                            std::vector<evaluated_value>& inside) const {
  const auto& entries = space_.entries();
  const auto draw_number = is_constant_ ? number - where.point : number;
  auto values = where.in->given;
  if (!axes_.empty()) {
    auto axes = axes_;
    std::erase_if(axes, [&](const grid_axis& axis) {
      return values[space_.index_of(axis.path).value()].has_value();
    });
    const auto digits = grid_point(std::move(axes), where.point);
    auto grid = grid_values{digits, seed, draw_number, inside};
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (const auto* axis = std::get_if<grid_search>(&entries[i].domain); axis && !values[i])
        values[i] = grid.of(*axis, entries[i].path);
  }
  sampler_.draw(seed, draw_number, values);
  return values;
}

variant variants::make(std::uint64_t seed, std::uint64_t number) const {
  const auto& entries = space_.entries();
  const auto where = locate(number);
  const auto& given = where.in->given;
  variant v;
  const auto values = draw(seed, number, where, v.evaluated);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (values[i] && !given[i] && !std::holds_alternative<constant>(entries[i].domain))
      v.evaluated.emplace_back(entries[i].path, *values[i]);
  v.config = sampler_.assemble(values);
  return v;
}

config variants::configuration(std::uint64_t seed, std::uint64_t number) const {
  std::vector<evaluated_value> ignored;
  return sampler_.assemble(draw(seed, number, locate(number), ignored));
}

config completed(const search_space& space, const config& point, std::uint64_t seed) {
  return variants{space, {point}, false}.configuration(seed, 0);
}

std::string drawn_beyond(const search_space& space, const config& given, const config& all) {
  for (const auto& e : space.entries()) {
    const bool follows =
        std::holds_alternative<constant>(e.domain) || std::holds_alternative<expression>(e.domain);
    if (!follows && find(all, e.path) && !find(given, e.path)) return e.path;
  }
  return {};
}

config sample(const search_space& space, std::uint64_t seed, std::uint64_t number) {
  if (!axes_of(space).empty()) return variants{space, {}, false}.configuration(seed, number);
  const auto sampler = space_sampler{space};
  auto values = space_values(space.entries().size());
  sampler.draw(seed, number, values);
  return sampler.assemble(values);
}

std::uint64_t number_of_trials(const study& s) {
  const auto rest =
      s.num_samples - std::min<std::uint64_t>(s.num_samples, s.points_to_evaluate.size());
  const auto whole = count_open(s.space, space_values(s.space.entries().size()));
  auto sum = saturating_product(rest, whole);
  std::vector<point_problem> ignored;
  for (const auto& point : s.points_to_evaluate)
    sum = saturating_sum(sum, count_open(s.space, values_of(s.space, point, ignored)));
  return sum;
}

} // namespace troupe
