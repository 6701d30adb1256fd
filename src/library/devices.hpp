#pragma once

#include "store/machine_share.hpp"

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

/// Returns what of the machine the study may use, as it says itself: `cpus`, `gpus`.
capacity allowed_to(const study& s, capacity machine);

/// Fits a study to a machine that it has for itself. `device` is what --device says: "cpu", "cuda"
/// (each trial gets a whole GPU unless the study says how much), "cuda:N" (that one alone), or
/// empty: as s.per_trial says. Sets s.per_trial.gpu accordingly. Throws resource_error if a trial
/// needs more than there is, and invalid_study for another device.
device_plan plan_devices(study& s, std::string_view device, const capacity& machine);

/// Returns what a study that fits asks of the machine: what it says (`cpus`, `gpus`, `device`),
/// else all that is free, though at least what a trial needs. What no trial uses, CPUs or GPUs, it
/// does not ask for.
machine_wish wish_of(const study& s, const device_plan& alone, std::string_view device,
                     const capacity& machine);

/// Returns the plan of a study that gets `share`.
device_plan plan_within(const machine_share& share, device_plan alone);

/// Returns how many threads can have a CPU of the study's at once, at least 1.
int threads_within(const device_plan& plan);

/// Tells a scheduler that shares out all that the study may use how much that is: sets s.cpus and
/// s.gpus.
void share_out(study& s, const device_plan& plan);

} // namespace troupe
