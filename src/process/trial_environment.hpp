#pragma once

#include "process/command_spec.hpp"

#include <troupe/trainable.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Returns the environment of a trial's command, "NAME=VALUE" each: the tuner's own (`inherited`),
/// what the trial's lease says, what the study says, and of which trial and configuration it is.
std::vector<std::string> trial_environment(const std::vector<std::string>& inherited,
                                           const command_spec& command, const trial& t);

/// Returns what of that all trials have alike that have the same lease: for a process that is there
/// before its trial.
std::vector<std::string> lease_environment(const std::vector<std::string>& inherited,
                                           const command_spec& command, const trial& t);

/// Returns what CUDA_VISIBLE_DEVICES must be so that a program sees only these of the tuner's
/// devices ("cuda:1"), to which only those in `visible` are visible ("2,3"; none: all are). None if
/// no device is a GPU.
std::optional<std::string> visible_gpus(const std::vector<std::string>& devices,
                                        std::optional<std::string_view> visible);

} // namespace troupe
