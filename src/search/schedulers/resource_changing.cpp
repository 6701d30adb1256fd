#include "search/schedulers/resource_changing.hpp"

#include "base/option_reader.hpp"
#include "base/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace troupe {

namespace {

/// Reads `{"cpu", "gpu", "memory_gb"}`; what is absent is 0.
resources read_amount(option_reader& in, std::string_view option, const resources& otherwise) {
  const auto* given = in.take(option);
  if (!given) return otherwise;
  resources amount{0, 0, 0};
  const auto* members = given->if_object();
  bool good = members != nullptr;
  for (std::size_t i = 0; good && i < members->size(); ++i) {
    const auto& member = *(members->begin() + i);
    const auto x = real_number(member.value());
    good = x && *x >= 0 && std::isfinite(*x);
    if (member.key() == "cpu")
      amount.cpu = x.value_or(0);
    else if (member.key() == "gpu")
      amount.gpu = x.value_or(0);
    else if (member.key() == "memory_gb")
      amount.memory_gb = x.value_or(0);
    else
      good = false;
  }
  if (!good) in.refuse(option, R"(must be amounts, as in {"cpu": 1, "gpu": 0})");
  return amount;
}

std::optional<std::uint32_t> read_times(option_reader& in) {
  constexpr std::string_view option = "increase_by_times";
  const auto* given = in.take(option);
  const auto times = given ? whole_number(*given) : std::int64_t{-1};
  if (!times || *times == 0 || *times < -1 || *times > 1'000'000)
    in.refuse(option, "must be a whole number of at least 1, or -1 for no bound");
  if (*times == -1) return std::nullopt;
  return static_cast<std::uint32_t>(*times);
}

resource_shares read_shares(const study& s) {
  option_reader in{"resource_changing", s.scheduler.options};
  in.take("base");
  const auto& least = s.per_trial;
  if (!s.cpus || (least.gpu > 0 && !s.gpus))
    in.refuse("base", "cannot be given more: the study must say how many cpus and gpus it may use");
  const auto unit =
      read_amount(in, "increase_by", least.gpu > 0 ? resources{0, 1, 0} : resources{1, 0, 0});
  if (unit == resources{0, 0, 0}) in.refuse("increase_by", "must be more than nothing");
  if (unit.memory_gb > 0) in.refuse("increase_by", "is of CPUs and GPUs only");
  if (unit.gpu > 0 && (std::trunc(least.gpu) != least.gpu || std::trunc(unit.gpu) != unit.gpu))
    in.refuse("increase_by", "needs whole GPUs, also in the study's resources");
  const auto kept = read_amount(in, "reserve_resources", {0, 0, 0});
  const auto most = read_times(in);
  in.finish();
  return {{*s.cpus - kept.cpu, s.gpus.value_or(0) - kept.gpu, 0}, least, unit, most};
}

} // namespace

study wrapped_study(const study& s) {
  study inner = s;
  inner.scheduler = {"fifo", {}};
  const auto* base = s.scheduler.options.if_contains("base");
  if (!base) return inner;
  const auto* members = base->if_object();
  const auto* name = members ? members->if_contains("name") : nullptr;
  if (!name || !name->is_string())
    throw std::invalid_argument{
        R"(resource_changing: base must be a scheduler, as in {"name": "fifo"})"};
  inner.scheduler.name = std::string_view{name->get_string()};
  inner.scheduler.options = *members;
  inner.scheduler.options.erase("name");
  return inner;
}

resource_changing::resource_changing(const study& s)
    : base_{make_correctable_scheduler(wrapped_study(s))},
      shares_{read_shares(s)} {}

void resource_changing::added(trial_number n) {
  auto& t = trials_[n];
  leave(t);
  enter(t);
  base_->added(n);
}

decision resource_changing::reported(trial_number n, const result& r) {
  auto& t = trials_.at(n);
  if (t.next) { // it did not pause
    set(t, t.units, std::nullopt);
    base_->correct(n, trial_state::running);
  }
  auto d = base_->reported(n, r);
  if (d.verdict != verdict::proceed) return d;
  const auto due = shares_.fair_units(live_, t.units, given_);
  if (due == t.units) return d;
  set(t, t.units, due);
  base_->correct(n, trial_state::paused);
  const auto amount = shares_.amount(due);
  d.verdict = verdict::pause;
  d.reason = fmt::format("resource_changing: goes on with {:g} CPUs and {:g} GPUs", amount.cpu,
                         amount.gpu);
  d.resizes.push_back({n, amount});
  return d;
}

void resource_changing::completed(trial_number n, const std::optional<result>& last) {
  leave(trials_[n]);
  trials_.erase(n);
  base_->completed(n, last);
}

void resource_changing::failed(trial_number n) {
  leave(trials_[n]);
  base_->failed(n);
}

void resource_changing::removed(trial_number n) {
  leave(trials_[n]);
  trials_.erase(n);
  base_->removed(n);
}

std::optional<trial_number> resource_changing::choose() {
  const auto n = base_->choose();
  if (!n) return n;
  auto& t = trials_.at(*n);
  const auto promised = t.next.value_or(t.units);
  const auto due = std::min(promised, shares_.fair_units(live_, promised, given_));
  set(t, due, std::nullopt);
  if (due < promised) resized_.push_back({*n, shares_.amount(due)});
  return n;
}

std::vector<decision> resource_changing::aftermath() {
  auto all = base_->aftermath();
  if (!resized_.empty()) all.push_back({.reason = {}, .resizes = std::exchange(resized_, {})});
  return all;
}

void resource_changing::correct(trial_number n, trial_state state) {
  base_->correct(n, state);
  auto& t = trials_.at(n);
  if (t.next && state == trial_state::running) set(t, *t.next, std::nullopt);
}

void resource_changing::enter(share& t) {
  t.live = true;
  ++live_;
  given_ += t.units;
}

void resource_changing::leave(share& t) {
  if (!t.live) return;
  t.live = false;
  --live_;
  given_ -= t.next.value_or(t.units);
  // One that fails as it pauses has been promised the other amount.
  t.units = t.next.value_or(t.units);
  t.next.reset();
}

void resource_changing::set(share& t, std::uint32_t units, std::optional<std::uint32_t> next) {
  given_ -= t.next.value_or(t.units);
  t.units = units;
  t.next = next;
  given_ += t.next.value_or(t.units);
}

} // namespace troupe
