#pragma once

#include "search/space/dimension.hpp"
#include "search/space/space_sampler.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A study's space as searchers with a model see it: an axis per parameter that has a dimension.
/// They propose values on axes; what depends on those, conditions and expressions, follows; all
/// else is drawn at random. The study's points to evaluate come first, as they are.
///
/// A row of values has one per axis, in the own scale of its dimension; NaN: the parameter is
/// absent from a configuration, or has a value outside of its domain; in a proposal: draw it.
class search_axes {
public:
  struct axis {
    std::string path;
    dimension dim;
    bool conditional;      ///< It is absent from some configurations.
    troupe::domain domain; ///< That of the space, but a choice has each of its values once.
    std::size_t entry;     ///< In the space.
  };

  /// A configuration, and its values on the axes.
  struct candidate {
    troupe::config config;
    std::vector<double> values;
  };

  /// Throws std::invalid_argument if the space has problems or a grid, or a point to evaluate does
  /// not fit.
  explicit search_axes(const study& s);
  search_axes(const search_axes&) = delete;
  search_axes& operator=(const search_axes&) = delete;

  const std::vector<axis>& axes() const noexcept { return axes_; }
  std::size_t size() const noexcept { return axes_.size(); }

  /// Returns whether trial `n` is one of the points to evaluate, so that no proposal is wanted.
  bool is_given(trial_number n) const noexcept { return n < points_.size(); }

  /// Returns what trial `n` tries: its point to evaluate, or the proposal (as many values as axes,
  /// or none at all). What neither gives is drawn, by the study's seed and the trial's number.
  candidate make(trial_number n, const std::vector<double>& proposal = {}) const;

  /// Returns the values of a configuration.
  std::vector<double> values_of(const config& c) const;

  /// Returns the dimensions of all axes.
  std::vector<dimension> dimensions() const;

private:
  std::vector<double> read(const space_values& values) const;

  const search_space space_;
  const space_sampler sampler_{space_};
  std::uint64_t seed_;
  std::vector<axis> axes_;
  std::vector<space_values> points_;
};

} // namespace troupe
