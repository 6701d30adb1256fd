#include "search/life/resource_ledger.hpp"

#include "base/count_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

constexpr std::int64_t whole_unit = 10'000;
constexpr double most = 1e9;

double from_units(std::int64_t n) {
  return static_cast<double>(n) / whole_unit;
}

/// "is 1", "are 0.5".
std::string there_is(std::int64_t n) {
  return fmt::format("{} {}", n == whole_unit ? "is" : "are", from_units(n));
}

/// How much there is, where what is not named is not there.
std::int64_t amount_of(const std::map<std::string, std::int64_t>& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? 0 : found->second;
}

bool covers(const std::map<std::string, std::int64_t>& there,
            const std::map<std::string, std::int64_t>& wanted) {
  return std::ranges::all_of(
      wanted, [&](const auto& each) { return each.second <= amount_of(there, each.first); });
}

} // namespace

resource_ledger::resource_ledger(const capacity& total) {
  const auto sum = to_units(resources{.cpu = total.cpus,
                                      .gpu = static_cast<double>(total.gpus),
                                      .memory_gb = total.memory_gb.value_or(0),
                                      .custom = total.custom});
  if (!sum) throw std::invalid_argument{"what there is of a resource must be from 0 to 1e9"};
  total_ = *sum;
  if (!total.memory_gb) total_.memory = std::numeric_limits<units>::max();
  free_cpu_ = total_.cpu;
  free_memory_ = total_.memory;
  free_custom_ = total_.custom;
  free_gpu_.assign(static_cast<std::size_t>(total.gpus), whole_unit);
}

bool resource_ledger::can_ever_grant(const resources& amount) const {
  const auto wanted = to_units(amount);
  return wanted && wanted->cpu <= total_.cpu && wanted->memory <= total_.memory &&
         wanted->gpu <= total_.gpu && (wanted->gpu < whole_unit || wanted->gpu % whole_unit == 0) &&
         covers(total_.custom, wanted->custom);
}

std::string resource_ledger::why_never(const resources& amount) const {
  struct {
    double asked;
    units there;
    std::string_view noun;
  } const all[] = {{amount.cpu, total_.cpu, "CPU"},
                   {amount.gpu, total_.gpu, "GPU"},
                   {amount.memory_gb, total_.memory, "GB"}};
  for (const auto& [asked, there, noun] : all) {
    const auto wanted = to_units(asked);
    if (wanted && *wanted <= there) continue;
    const auto need =
        noun == "GB" ? fmt::format("{} GB of memory", asked) : count_text(asked, noun);
    return fmt::format("a trial needs {}, and there {}", need, there_is(there));
  }
  for (const auto& [name, asked] : amount.custom) {
    const auto wanted = to_units(asked);
    const auto there = amount_of(total_.custom, name);
    if (!wanted || *wanted > there)
      return fmt::format("a trial needs {} of \"{}\", and there {}", asked, name, there_is(there));
  }
  if (!can_ever_grant(amount))
    return fmt::format("a trial needs {} GPUs; more than one must be a whole number", amount.gpu);
  return {};
}

std::uint64_t resource_ledger::most_at_once(const resources& amount) const {
  if (!can_ever_grant(amount)) return 0;
  const auto wanted = *to_units(amount);
  auto count = std::numeric_limits<std::uint64_t>::max();
  const auto limit = [&](units there, units each) {
    if (each > 0) count = std::min(count, static_cast<std::uint64_t>(there / each));
  };
  limit(total_.cpu, wanted.cpu);
  limit(total_.memory, wanted.memory);
  for (const auto& [name, each] : wanted.custom)
    limit(amount_of(total_.custom, name), each);
  if (wanted.gpu >= whole_unit)
    limit(total_.gpu, wanted.gpu);
  else if (wanted.gpu > 0) // a fraction comes from one device, whose rest serves nobody
    limit(total_.gpu / whole_unit * (whole_unit / wanted.gpu), 1);
  return count;
}

std::optional<lease> resource_ledger::grant(const resources& amount) {
  if (!can_ever_grant(amount)) return std::nullopt;
  const auto wanted = *to_units(amount);
  if (wanted.cpu > free_cpu_ || wanted.memory > free_memory_ ||
      !covers(free_custom_, wanted.custom))
    return std::nullopt;
  holding h{wanted, pick_devices(wanted.gpu)};
  if (wanted.gpu > 0 && h.gpus.empty()) return std::nullopt;
  move(h, -1);
  lease granted{.id = ++last_id_,
                .cpu = from_units(wanted.cpu),
                .gpu = from_units(wanted.gpu),
                .memory_gb = from_units(wanted.memory),
                .gpus = h.gpus};
  held_.emplace(granted.id, std::move(h));
  return granted;
}

void resource_ledger::release(std::uint64_t id) {
  const auto found = held_.find(id);
  if (found == held_.end()) throw std::invalid_argument{"nobody has lease " + std::to_string(id)};
  move(found->second, 1);
  held_.erase(found);
}

std::optional<resource_ledger::units> resource_ledger::to_units(double amount) noexcept {
  if (!(amount >= 0 && amount <= most)) return std::nullopt;
  return std::llround(amount * whole_unit);
}

std::optional<resource_ledger::amounts> resource_ledger::to_units(const resources& amount) {
  const auto cpu = to_units(amount.cpu);
  const auto gpu = to_units(amount.gpu);
  const auto memory = to_units(amount.memory_gb);
  if (!cpu || !gpu || !memory) return std::nullopt;
  amounts all{*cpu, *gpu, *memory};
  for (const auto& [name, x] : amount.custom) {
    const auto each = to_units(x);
    if (!each) return std::nullopt;
    all.custom.emplace(name, *each);
  }
  return all;
}

std::vector<int> resource_ledger::pick_devices(units gpu) const {
  std::vector<int> picked;
  const auto count = static_cast<int>(free_gpu_.size());
  const auto free = [&](int device) { return free_gpu_[static_cast<std::size_t>(device)]; };
  if (gpu >= whole_unit) {
    const auto wanted = static_cast<std::size_t>(gpu / whole_unit);
    for (int device = 0; device < count && picked.size() < wanted; ++device)
      if (free(device) == whole_unit) picked.push_back(device);
    if (picked.size() < wanted) picked.clear();
  } else if (gpu > 0) {
    for (int device = 0; device < count; ++device)
      if (free(device) >= gpu && (picked.empty() || free(device) < free(picked.front())))
        picked = {device};
  }
  return picked;
}

void resource_ledger::move(const holding& h, units sign) {
  free_cpu_ += sign * h.amount.cpu;
  free_memory_ += sign * h.amount.memory;
  for (const auto& [name, each] : h.amount.custom)
    free_custom_[name] += sign * each;
  for (const int device : h.gpus)
    free_gpu_[static_cast<std::size_t>(device)] += sign * std::min(h.amount.gpu, whole_unit);
}

} // namespace troupe
