#include "library/devices.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "base/machine_view.hpp"
#include "search/schedulers/registry.hpp"

#include <troupe/errors.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace troupe {

namespace {

[[noreturn]] void unknown_device(std::string_view device) {
  throw invalid_study{
      {{"--device", "", fmt::format("unknown device \"{}\"; allowed: cpu, cuda, cuda:N", device)}}};
}

constexpr std::string_view one_device = "cuda:";

/// Returns N of "cuda:N".
int device_index(std::string_view device) {
  int index = -1;
  if (device.starts_with(one_device)) {
    const auto digits = device.substr(one_device.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc{} || end != digits.data() + digits.size()) index = -1;
  }
  if (index < 0) unknown_device(device);
  return index;
}

std::vector<std::string> gpu_names(int count) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    names.push_back(fmt::format("cuda:{}", i));
  return names;
}

/// An amount as people write it: 2, 0.5.
std::string amount(double x) {
  return x == std::floor(x) ? fmt::format("{:.0f}", x) : to_text(x);
}

/// Whether trials need some of a resource, or their configurations may say so.
bool may_need(const study& s, const std::string& name, double amount) {
  return amount > 0 || s.per_config.contains(name);
}

bool shares_machine(const study& s) {
  const auto scheduler = find_scheduler(s.scheduler.name);
  return scheduler && scheduler->shares_machine;
}

/// "1 GPU", "0.5 CPUs", "2 GB of memory".
std::string amount_of(double x, std::string_view noun) {
  if (noun == "GB") return amount(x) + " GB of memory";
  return fmt::format("{} {}{}", amount(x), noun, x == 1 ? "" : "s");
}

void check(std::string_view key, std::string_view noun, double needed, double there,
           std::string_view remedy) {
  if (needed <= there) return;
  throw resource_error{fmt::format("{}: a trial needs {}, but the study may use {}; {}", key,
                                   amount_of(needed, noun), amount(there), remedy)};
}

} // namespace

capacity allowed_to(const study& s, capacity machine) {
  if (s.cpus) machine.cpus = *s.cpus;
  if (s.gpus) machine.gpus = static_cast<int>(*s.gpus);
  machine.custom = s.custom;
  return machine;
}

device_plan plan_devices(study& s, std::string_view device, const capacity& machine) {
  device_plan plan{allowed_to(s, machine), {}};
  if (device == "cpu") {
    s.per_trial.gpu = 0;
    s.per_config.erase("gpu");
  }
  if (device.starts_with("cuda") && !may_need(s, "gpu", s.per_trial.gpu)) s.per_trial.gpu = 1;

  if (may_need(s, "gpu", s.per_trial.gpu) || !device.empty()) {
    if (device == "cpu") {
      plan.total.gpus = 0;
    } else if (device.empty() || device == "cuda") {
      if (s.gpus && *s.gpus > machine.gpus)
        throw resource_error{fmt::format("gpus: the study is to use {}, but this machine has {}",
                                         amount_of(*s.gpus, "GPU"), machine.gpus)};
      plan.names = gpu_names(plan.total.gpus);
    } else {
      const int index = device_index(device);
      if (index >= machine.gpus)
        throw resource_error{fmt::format("--device {}: this machine has {}", device,
                                         count_text(machine.gpus, "GPU"))};
      plan.total.gpus = 1;
      plan.names = {std::string{device}};
    }
  }
  check("resources/gpu", "GPU", s.per_trial.gpu, plan.total.gpus,
        "is NVIDIA's driver installed? --device cpu trains on the CPU");
  check("resources/cpu", "CPU", s.per_trial.cpu, plan.total.cpus,
        "lower resources/cpu, or raise cpus (--cpus)");
  if (machine.memory_gb)
    check("resources/memory_gb", "GB", s.per_trial.memory_gb, *machine.memory_gb,
          "lower resources/memory_gb");
  return plan;
}

machine_wish wish_of(const study& s, const device_plan& alone, std::string_view device,
                     const capacity& machine) {
  machine_wish wish;
  if (may_need(s, "cpu", s.per_trial.cpu) || shares_machine(s)) {
    wish.most_cpus = alone.total.cpus;
    // What some trial may come to need, nobody knows yet.
    wish.least_cpus =
        s.cpus.value_or(s.per_config.contains("cpu") ? wish.most_cpus : s.per_trial.cpu);
  }
  if (alone.names.empty()) return wish;
  if (device.starts_with(one_device)) {
    wish.gpus = {static_cast<std::size_t>(device_index(device))};
    wish.least_gpus = 1;
  } else {
    wish.gpus.resize(static_cast<std::size_t>(machine.gpus));
    std::iota(wish.gpus.begin(), wish.gpus.end(), 0);
    wish.least_gpus = static_cast<std::size_t>(s.gpus || s.per_config.contains("gpu")
                                                   ? alone.total.gpus
                                                   : static_cast<int>(std::ceil(s.per_trial.gpu)));
  }
  wish.most_gpus = alone.names.size();
  return wish;
}

device_plan plan_within(const machine_share& share, device_plan alone) {
  alone.total.cpus = share.cpus;
  if (alone.names.empty()) return alone;
  alone.total.gpus = static_cast<int>(share.gpus.size());
  alone.names.clear();
  for (const auto gpu : share.gpus)
    alone.names.push_back(fmt::format("cuda:{}", gpu));
  return alone;
}

int threads_within(const device_plan& plan) {
  const auto most = std::max(static_cast<double>(usable_cpus().size()), 1.0);
  return static_cast<int>(std::clamp(std::floor(plan.total.cpus), 1.0, most));
}

void share_out(study& s, const device_plan& plan) {
  if (!shares_machine(s)) return;
  s.cpus = plan.total.cpus;
  s.gpus = plan.total.gpus;
}

} // namespace troupe
