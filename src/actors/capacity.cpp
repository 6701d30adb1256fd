#include "base/machine_view.hpp"

#include <troupe/resources.hpp>

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <string_view>
#include <unistd.h>

namespace troupe {

namespace {

/// Asks NVIDIA's management library, which comes with the driver; no header of it is needed.
int driver_gpus() {
  void* nvml = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!nvml) return 0;
  const auto init = reinterpret_cast<int (*)()>(dlsym(nvml, "nvmlInit_v2"));
  const auto count = reinterpret_cast<int (*)(unsigned*)>(dlsym(nvml, "nvmlDeviceGetCount_v2"));
  const auto shutdown = reinterpret_cast<int (*)()>(dlsym(nvml, "nvmlShutdown"));
  unsigned devices = 0;
  if (init && count && shutdown && init() == 0) {
    if (count(&devices) != 0) devices = 0;
    shutdown();
  }
  dlclose(nvml);
  return static_cast<int>(devices);
}

int usable_gpus() {
  const int all = driver_gpus();
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  if (!visible || all == 0) return all;
  const std::string_view list{visible};
  if (list.empty() || list == "-1" || list == "NoDevFiles") return 0;
  return std::min(all, 1 + static_cast<int>(std::ranges::count(list, ',')));
}

} // namespace

capacity machine_capacity() {
  const double bytes =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  return {static_cast<double>(usable_cpus().size()), usable_gpus(), bytes / 1e9};
}

} // namespace troupe
