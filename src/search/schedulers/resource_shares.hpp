#pragma once

#include <troupe/resources.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace troupe {

/// How a study's resources are shared out among its live trials, as Ray Tune's DistributeResources
/// does: each has its base amount and a number of equal units on top of it. Amounts are exact to
/// 1/10000.
struct resource_shares {
  resources total; ///< What the study may use.
  resources base;  ///< What a trial has at least.
  resources unit;  ///< CPUs and GPUs that are added or taken away at once; not nothing.
  std::optional<std::uint32_t> most_units{}; ///< That a trial may have.

  /// Returns how many units a trial should have that has `own` now, when `live` trials, itself
  /// included, have `given` units together. Free units are its own as far as they go, but no trial
  /// gets more than it would if all units were dealt out in turn, it first. If there is less than
  /// nothing free it gives back.
  std::uint32_t fair_units(std::size_t live, std::uint32_t own, std::uint64_t given) const;

  /// Returns the amount of a trial with so many units.
  resources amount(std::uint32_t units) const;
};

} // namespace troupe
