#pragma once

#include "base/machine_view.hpp"
#include "store/machine_holding.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace troupe {

/// What a study asks of its machine.
struct machine_wish {
  double least_cpus = 0, most_cpus = 0;
  std::vector<std::size_t> gpus; ///< Those that it may have, the preferred first: process devices.
  std::size_t least_gpus = 0, most_gpus = 0;
};

/// What a study may use of its machine.
struct machine_share {
  double cpus = 0;
  std::vector<std::size_t> gpus; ///< Process devices: indices of machine_view::gpus.

  friend bool operator==(const machine_share&, const machine_share&) = default;
};

/// Returns how many of the CPUs that `mine` sees a holder has. If it may run elsewhere, too, it is
/// on those that both see until they are full: nobody knows better.
double cpus_held(const machine_holding& by, const machine_view& mine);

/// Returns which of the GPUs that `mine` sees a holder has, by index.
std::vector<std::size_t> gpus_held(const machine_holding& by, const machine_view& mine);

/// Returns as much as a study may have of what others leave; none if that is less than it needs at
/// least. CPUs count to 1/10000. Who needs more CPUs than the machine has gets them whatever others
/// have, as waiting would be for ever.
std::optional<machine_share> share_of(const machine_wish& wish, const machine_view& mine,
                                      std::span<const machine_holding> others);

} // namespace troupe
