#include "actors/actor_kit.hpp"

using namespace troupe;
using namespace troupe::testing;

namespace {

/// Passes each grant on to a blocking actor, as (ticket, lease id).
lease_client_actor spawn_client(caf::actor_system& system, const caf::scoped_actor& self) {
  return system.spawn(
      [to = caf::actor_cast<caf::actor>(self)]() -> lease_client_actor::behavior_type {
        return {[to](const lease_granted& g) { anon_tell(to, g); }};
      });
}

lease_granted next(caf::scoped_actor& self) {
  lease_granted got;
  self->receive([&](const lease_granted& g) { got = g; });
  return got;
}

} // namespace

TEST_CASE("leases are granted oldest first, as room comes back") {
  actor_bench bench;
  caf::scoped_actor self{bench.system};
  const auto broker = spawn_broker_actor(bench.system, {1, 0, {}});
  const auto client = spawn_client(bench.system, self);
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket)
    anon_tell(broker, acquire_lease{ticket, {1, 0, 0}}, client);
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) {
    const auto granted = next(self);
    CHECK(granted.ticket == ticket);
    anon_tell(broker, release_lease{granted.lease.id});
  }
}

TEST_CASE("a request that was withdrawn is never granted") {
  actor_bench bench;
  caf::scoped_actor self{bench.system};
  const auto broker = spawn_broker_actor(bench.system, {1, 0, {}});
  const auto client = spawn_client(bench.system, self);
  anon_tell(broker, acquire_lease{1, {1, 0, 0}}, client);
  anon_tell(broker, acquire_lease{2, {1, 0, 0}}, client);
  anon_tell(broker, acquire_lease{3, {1, 0, 0}}, client);
  anon_tell(broker, cancel_lease{2}, client);
  const auto first = next(self);
  anon_tell(broker, release_lease{first.lease.id});
  CHECK(first.ticket == 1);
  CHECK(next(self).ticket == 3);
}

TEST_CASE("two clients may use the same tickets") {
  actor_bench bench;
  caf::scoped_actor self{bench.system};
  const auto broker = spawn_broker_actor(bench.system, {2, 0, {}});
  const auto one = spawn_client(bench.system, self), two = spawn_client(bench.system, self);
  anon_tell(broker, acquire_lease{1, {2, 0, 0}}, one);
  anon_tell(broker, acquire_lease{1, {2, 0, 0}}, two);
  anon_tell(broker, cancel_lease{1}, one); // already granted: nothing to withdraw
  const auto granted = next(self);
  anon_tell(broker, release_lease{granted.lease.id});
  CHECK(next(self).lease.id != granted.lease.id);
}
