#pragma once

#include "search/space/grid.hpp"
#include "search/space/space_sampler.hpp"

#include <troupe/study.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// A value of a configuration that was enumerated or drawn, by path.
using evaluated_value = std::pair<std::string, boost::json::value>;

/// Returns what a trial is called by its values, as Ray Tune does: `12_momentum=0.9000,lr=0.0010`,
/// the last part of each path, in the order of the paths.
std::string tag_of(std::uint64_t number, std::vector<evaluated_value> values);

/// One configuration of a study, and where it comes from.
struct variant {
  troupe::config config;
  std::vector<evaluated_value> evaluated; ///< Neither constant nor given by a point to evaluate.
};

/// The configurations of a study in their order, as Ray Tune's BasicVariantGenerator makes them:
/// for each point to evaluate the grid that it leaves open, then for each sample the whole grid.
/// Within a grid the first path, in the order of the names, varies fastest; values inside a grid's
/// values come after the value that they are in. What is not in a grid is drawn for each
/// configuration; with `constant_grid_search` once for all points of a grid.
///
/// Every configuration can be computed by itself, from its number.
class variants {
public:
  /// Throws std::invalid_argument if the space has problems, or a point does not fit.
  variants(search_space space, const std::vector<config>& points, bool constant_grid_search);
  variants(const variants&) = delete;
  variants& operator=(const variants&) = delete;

  /// Returns configuration `number` of the study with `seed`.
  variant make(std::uint64_t seed, std::uint64_t number) const;

  /// Returns its values alone.
  config configuration(std::uint64_t seed, std::uint64_t number) const;

private:
  /// Values that are given, and how many configurations that leaves.
  struct sample {
    space_values given;
    std::uint64_t count;
  };
  /// Where a configuration stands: in which sample, and at which point of its grid.
  struct position {
    const sample* in;
    std::uint64_t point;
  };
  position locate(std::uint64_t number) const noexcept;
  space_values draw(std::uint64_t seed, std::uint64_t number, const position& where,
                    std::vector<evaluated_value>& inside) const;

  const search_space space_;
  const space_sampler sampler_{space_};
  const bool is_constant_;
  const std::vector<grid_axis> axes_ = axes_of(space_);
  std::vector<sample> points_;
  sample open_; ///< A sample without anything given.
};

/// What is wrong with a point to evaluate.
struct point_problem {
  std::string path;
  std::string problem;
};

/// Returns the values that `point` gives, by entry, and adds what is wrong with it to `problems`:
/// it may name only what is in the space. Values need not be such as could be drawn.
space_values values_of(const search_space& space, const config& point,
                       std::vector<point_problem>& problems);

/// The same, but throws std::invalid_argument if anything is wrong with it.
space_values given_values(const search_space& space, const config& point);

/// Returns `point` with what it leaves open drawn with `seed`; of what would be searched by a grid,
/// the first values. Throws std::invalid_argument if it does not fit the space.
config completed(const search_space& space, const config& point, std::uint64_t seed);

/// Returns a parameter of `all` that was drawn because `given` lacks it: what was trained with it,
/// nobody knows. Empty if there is none: constants and expressions follow from the others.
std::string drawn_beyond(const search_space& space, const config& given, const config& all);

} // namespace troupe
