#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a process may use of its machine, by names that all processes of the machine agree on.
struct machine_view {
  std::vector<int> cpus;         ///< The system's numbers, ascending.
  std::vector<std::string> gpus; ///< Of the process's device 0, 1, …: the driver's number, or UUID.
};

/// Returns the CPUs that this process may run on; at least one.
std::vector<int> usable_cpus();

/// Returns what the driver calls a process's first `count` GPUs. `visible`: CUDA_VISIBLE_DEVICES,
/// if that is set, as in "2,0" or "GPU-8932f937,GPU-46fd1c5e"; what it does not list are numbers.
std::vector<std::string> names_of_gpus(int count, std::optional<std::string_view> visible);

} // namespace troupe
