#include "store/machine_share.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

namespace troupe {

namespace {

constexpr double whole_unit = 10'000;

std::int64_t to_units(double cpus) {
  return std::llround(cpus * whole_unit);
}

/// None: less than is needed.
std::optional<double> share_of_cpus(const machine_wish& wish, const machine_view& mine,
                                    std::span<const machine_holding> others) {
  const auto all = to_units(static_cast<double>(mine.cpus.size()));
  const auto least = to_units(wish.least_cpus);
  if (least > all) return wish.most_cpus;
  auto left = all;
  for (const auto& other : others)
    left -= to_units(cpus_held(other, mine));
  left = std::max<std::int64_t>(left, 0);
  if (left < least) return std::nullopt;
  return left < to_units(wish.most_cpus) ? static_cast<double>(left) / whole_unit : wish.most_cpus;
}

} // namespace

double cpus_held(const machine_holding& by, const machine_view& mine) {
  const auto both = std::ranges::count_if(
      mine.cpus, [&](int cpu) { return std::ranges::count(by.cpu_set, cpu) > 0; });
  return std::min(by.cpus, static_cast<double>(both));
}

std::vector<std::size_t> gpus_held(const machine_holding& by, const machine_view& mine) {
  std::vector<std::size_t> held;
  for (std::size_t i = 0; i < mine.gpus.size(); ++i)
    if (std::ranges::count(by.gpus, mine.gpus[i]) > 0) held.push_back(i);
  return held;
}

std::optional<machine_share> share_of(const machine_wish& wish, const machine_view& mine,
                                      std::span<const machine_holding> others) {
  const auto cpus = share_of_cpus(wish, mine, others);
  if (!cpus) return std::nullopt;
  std::set<std::size_t> taken;
  for (const auto& other : others)
    for (const auto gpu : gpus_held(other, mine))
      taken.insert(gpu);
  machine_share share{*cpus, {}};
  for (const auto gpu : wish.gpus)
    if (share.gpus.size() < wish.most_gpus && !taken.contains(gpu)) share.gpus.push_back(gpu);
  if (share.gpus.size() < wish.least_gpus) return std::nullopt;
  return share;
}

} // namespace troupe
