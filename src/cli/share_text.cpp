#include "cli/share_text.hpp"

#include "base/count_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe {

namespace {

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " and ") + words[i];
  return text;
}

std::string cpus_text(double cpus) {
  return count_text(std::round(cpus * 1e4) / 1e4, "CPU");
}

std::string gpus_text(const std::vector<std::size_t>& gpus, const machine_view& mine) {
  std::vector<std::string> names;
  names.reserve(gpus.size());
  for (const auto gpu : gpus)
    names.push_back(mine.gpus.at(gpu));
  return (gpus.size() == 1 ? "GPU " : "GPUs ") + listed(names);
}

std::string holder_text(const machine_holding& h) {
  return h.study ? fmt::format("the study in {} (process {})", *h.study, h.pid)
                 : fmt::format("a study of process {}", h.pid);
}

} // namespace

std::string held_text(const machine_wish& wish, const machine_view& mine,
                      std::span<const machine_holding> others) {
  std::string text;
  for (const auto& other : others) {
    const double cpus = wish.most_cpus > 0 ? cpus_held(other, mine) : 0;
    auto gpus = gpus_held(other, mine);
    std::erase_if(gpus, [&](std::size_t gpu) { return std::ranges::count(wish.gpus, gpu) == 0; });
    std::vector<std::string> parts;
    if (cpus > 0)
      parts.push_back(
          fmt::format("{:g} of {}", cpus, cpus_text(static_cast<double>(mine.cpus.size()))));
    if (!gpus.empty()) parts.push_back(gpus_text(gpus, mine));
    if (parts.empty()) continue;
    const bool is_one = parts.size() == 1 && (cpus == 1 || gpus.size() == 1);
    text += fmt::format("{}{} {} held by {}", text.empty() ? "" : ", ", listed(parts),
                        is_one ? "is" : "are", holder_text(other));
  }
  return text;
}

std::string need_text(const machine_wish& wish, const machine_view& mine) {
  std::vector<std::string> parts;
  if (wish.least_cpus > 0) parts.push_back(cpus_text(wish.least_cpus));
  if (wish.least_gpus > 0 && wish.least_gpus == wish.gpus.size())
    parts.push_back(gpus_text(wish.gpus, mine));
  else if (wish.least_gpus > 0)
    parts.push_back(count_text(wish.least_gpus, "GPU"));
  return listed(parts);
}

std::string share_text(const machine_share& share, const machine_view& mine) {
  std::vector<std::string> parts;
  if (share.cpus > 0) parts.push_back(cpus_text(share.cpus));
  if (!share.gpus.empty()) parts.push_back(gpus_text(share.gpus, mine));
  return listed(parts);
}

} // namespace troupe
