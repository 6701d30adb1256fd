#include "base/machine_view.hpp"

#include <algorithm>
#include <numeric>
#include <sched.h>
#include <unistd.h>

namespace troupe {

namespace {

std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::vector<int> usable_cpus() {
  std::vector<int> cpus;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  if (cpus.empty()) {
    cpus.resize(static_cast<std::size_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN))));
    std::iota(cpus.begin(), cpus.end(), 0);
  }
  return cpus;
}

std::vector<std::string> names_of_gpus(int count, std::optional<std::string_view> visible) {
  std::vector<std::string> names;
  for (int gpu = 0; gpu < count; ++gpu) {
    std::string_view name;
    if (visible) {
      const auto end = std::min(visible->find(','), visible->size());
      name = without_spaces(visible->substr(0, end));
      visible->remove_prefix(std::min(end + 1, visible->size()));
    }
    names.push_back(name.empty() ? std::to_string(gpu) : std::string{name});
  }
  return names;
}

} // namespace troupe
