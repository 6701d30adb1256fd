#include "process/trainer_pool.hpp"

#include "process/command_run.hpp"
#include "process/session_memory.hpp"
#include "process/trial_environment.hpp"

#include <algorithm>
#include <exception>
#include <poll.h>
#include <utility>

namespace troupe {

namespace {

bool has_ended(const running_program& p) {
  pollfd polled{p.process->ended(), POLLIN, 0};
  return poll(&polled, 1, 0) > 0;
}

/// Returns whether so much is left of a trial in its process that the next one, for which
/// `memory_gb` are reserved, might fail for it.
bool is_bloated(const running_program& p, double memory_gb) {
  constexpr double bytes_per_gb = 1e9;
  const auto half = static_cast<std::uint64_t>(memory_gb * bytes_per_gb / 2);
  return memory_gb > 0 && memory_of_session(p.process->session(), half) > half;
}

} // namespace

trainer_pool::trainer_pool(command_spec command, process_starter start, bool reuse)
    : command_{std::move(command)},
      start_{std::move(start)},
      reuse_{reuse} {}

void trainer_pool::train(trial& one) {
  auto lease = lease_environment(own_environment(), command_, one);
  auto ready = enter(one.id(), lease);
  std::optional<running_program> rested;
  try {
    rested = run_trial_in(ready ? std::move(*ready) : start(lease), command_, one, reuse_, [&] {
      if (!reuse_) start_ahead(lease);
    });
    if (rested && is_bloated(*rested, one.memory_gb())) rested.reset();
  } catch (...) {
    leave(one, {}, std::nullopt);
    throw;
  }
  leave(one, std::move(lease), std::move(rested));
}

/// A trial begins: returns a process that waits, if it may have one. That others have ended
/// meanwhile is no trial's fault.
std::optional<running_program> trainer_pool::enter(const std::string& id,
                                                   const environment& lease) {
  std::list<waiting> gone; // they end when nobody waits for that any more
  const std::lock_guard lock{mutex_};
  most_running_ = std::max(most_running_, ++running_);
  std::optional<running_program> ready;
  while (!ready && !ended_.contains(id)) {
    const auto found = std::ranges::find(waiting_, lease, &waiting::lease);
    if (found == waiting_.end()) break;
    if (!has_ended(found->program)) ready = std::move(found->program);
    gone.splice(gone.end(), waiting_, found);
  }
  gone.splice(gone.end(), surplus());
  return ready;
}

/// It has ended, or is paused, and has left its process, perhaps, which waits from now on.
void trainer_pool::leave(const trial& one, environment lease,
                         std::optional<running_program> rested) {
  std::list<waiting> gone;
  const std::lock_guard lock{mutex_};
  --running_;
  if (reuse_ && !one.pausing()) ended_.insert(one.id());
  if (rested) waiting_.push_back({std::move(lease), std::move(*rested)});
  gone = surplus();
}

running_program trainer_pool::start(const environment& lease) const {
  process_order order{command_.program, {command_.program}, lease, command_.cwd};
  for (const auto& argument : command_.arguments)
    order.arguments.push_back(argument.fill({}, {}));
  return start_program(start_, order, true);
}

/// Unless one waits that has the same lease.
void trainer_pool::start_ahead(const environment& lease) {
  const std::lock_guard one_at_a_time{starting_};
  const auto waits = [&] {
    const std::lock_guard lock{mutex_};
    return std::ranges::find(waiting_, lease, &waiting::lease) != waiting_.end();
  };
  if (waits()) return;
  try {
    std::list<waiting> gone;
    waiting next{lease, start(lease)};
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(next));
    gone = surplus();
  } catch (const std::exception&) {
    // It is not needed yet. Whoever needs one is told why there can be none.
  }
}

/// Takes out those that wait and are too many: the oldest.
std::list<trainer_pool::waiting> trainer_pool::surplus() {
  std::list<waiting> out;
  const auto most = reuse_ ? most_running_ - running_ : most_running_;
  while (waiting_.size() > most)
    out.splice(out.end(), waiting_, waiting_.begin());
  return out;
}

} // namespace troupe
