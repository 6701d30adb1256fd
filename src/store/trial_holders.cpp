#include "store/trial_holders.hpp"

#include "base/seconds.hpp"

#include <algorithm>
#include <variant>

namespace troupe {

std::int64_t holding_lease::until_ns() const noexcept {
  return later(from_ns, to_nanoseconds(seconds));
}

double holding_lease::silent_s(std::int64_t now_ns) const noexcept {
  return static_cast<double>(std::max<std::int64_t>(0, now_ns - from_ns)) * 1e-9;
}

std::string name_of(const trial_holder& holder) {
  return holder.client ? "client \"" + *holder.client + "\"" : "a client without a name";
}

void trial_holders::take(const event& e) {
  if (e.trial) std::visit([&](const auto& body) { take(body, *e.trial, e.time_ns); }, e.body);
}

const trial_holder* trial_holders::of(trial_number n) const {
  const auto found = open_.find(n);
  return found == open_.end() ? nullptr : &found->second;
}

std::optional<trial_number> trial_holders::held_by(const std::string& client) const {
  for (const auto& [n, holder] : open_)
    if (holder.client == client) return n;
  return std::nullopt;
}

bool trial_holders::any_lease() const {
  return std::ranges::any_of(open_, [](const auto& one) { return one.second.lease.has_value(); });
}

std::optional<std::int64_t> trial_holders::next_to_run_out() const {
  std::optional<std::int64_t> next;
  for (const auto& [n, holder] : open_)
    if (holder.lease)
      next = std::min(next.value_or(holder.lease->until_ns()), holder.lease->until_ns());
  return next;
}

std::vector<trial_number> trial_holders::ran_out(std::int64_t now_ns) const {
  std::vector<trial_number> found;
  for (const auto& [n, holder] : open_)
    if (holder.lease && holder.lease->ran_out(now_ns)) found.push_back(n);
  return found;
}

void trial_holders::take(const event_kind::trial_started& e, trial_number n, std::int64_t now) {
  open_.insert_or_assign(n, trial_holder{e.client, now, now});
  last_amount_ = std::max(last_amount_, e.lease.id);
}

void trial_holders::take(const event_kind::trial_leased& e, trial_number n, std::int64_t now) {
  open_.at(n).lease = {e.token, e.lease_s, now};
}

void trial_holders::take(const event_kind::trial_reported&, trial_number n, std::int64_t now) {
  auto& holder = open_.at(n);
  holder.heard_ns = now;
  if (holder.lease) holder.lease->from_ns = now;
}

void trial_holders::take(const event_kind::trial_failed&, trial_number n, std::int64_t) {
  open_.erase(n); // it is tried again, or ends with the next event
}

void trial_holders::take(const event_kind::trial_paused&, trial_number n, std::int64_t) {
  open_.erase(n);
}

void trial_holders::take(const event_kind::trial_ended&, trial_number n, std::int64_t) {
  open_.erase(n);
}

} // namespace troupe
