#pragma once

#include <troupe/domain.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace troupe {

/// A parameter's domain as one of Optuna's three distributions, by which its storage describes a
/// parameter. docs/formats.md has a table of what becomes what, and where it is not exact.
class optuna_distribution {
public:
  /// Returns the distribution of a domain; none if Optuna has nothing near it (constants and what
  /// is computed), or if its choices make so long a text that it could not stand beside each trial.
  static std::optional<optuna_distribution> of(const domain& d);

  /// Returns it as Optuna's storage keeps it: {"name": "IntDistribution", "attributes": {…}}.
  const std::string& text() const noexcept { return text_; }

  /// Returns the number by which Optuna's storage knows the value `v`: the number itself (kept
  /// between the bounds, where a step is missed by rounding), or the place of a choice from 0. None
  /// if `v` is none of the distribution's values.
  std::optional<double> number_of(const boost::json::value& v) const;

private:
  friend struct distribution_maker;
  optuna_distribution() = default;

  std::string text_;
  std::optional<boost::json::array> choices_{}; ///< Then only this counts.
  double low_ = 0, high_ = 0;
  double step_ = 0; ///< 0: all numbers between.
};

} // namespace troupe
