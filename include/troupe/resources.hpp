#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Amounts of things of the user's own, by name: {"license", 1}. They are counted and nothing else.
using custom_amounts = std::map<std::string, double>;

/// What one trial needs to run. A CPU or GPU may be shared: fractions below 1 are allowed; more
/// than one GPU must be a whole number. Amounts are exact to 1/10000.
struct resources {
  double cpu = 1;
  double gpu = 0;
  double memory_gb = 0;
  custom_amounts custom{};

  friend bool operator==(const resources&, const resources&) = default;
};

/// What there is to be shared.
struct capacity {
  double cpus = 0;
  int gpus = 0;                      ///< Devices 0, 1, …, each of amount 1.
  std::optional<double> memory_gb{}; ///< None: memory is not counted.
  custom_amounts custom{};           ///< Of what is not named here there is nothing.
};

/// What is granted to one running trial, beside the custom amounts that it asked for.
struct lease {
  std::uint64_t id = 0;
  double cpu = 0;
  double gpu = 0;
  double memory_gb = 0;
  std::vector<int> gpus; ///< Devices: one (perhaps shared) or several whole ones.

  friend bool operator==(const lease&, const lease&) = default;
};

/// Returns what this process may use: the CPUs it may run on, the GPUs that NVIDIA's driver shows
/// (respecting CUDA_VISIBLE_DEVICES), and the machine's memory.
capacity machine_capacity();

} // namespace troupe
