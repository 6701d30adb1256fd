#pragma once

#include <troupe/resources.hpp>
#include <troupe/study.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a run shares among its trials, and what its GPUs are called.
struct device_plan {
  capacity total;
  std::vector<std::string> names; ///< Of GPU 0, 1, …; empty: trials train on the CPU.
};

/// Fits a study to a machine. `device` is what --device says: "cpu", "cuda" (each trial gets a
/// whole GPU unless the study says how much), "cuda:N" (that one alone), or empty: as s.per_trial
/// says. Sets s.per_trial.gpu accordingly. Throws resource_error if a trial needs more than there
/// is, and invalid_study for another device.
device_plan plan_devices(study& s, std::string_view device, const capacity& machine);

} // namespace troupe
