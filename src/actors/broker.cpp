#include "actors/broker.hpp"

#include "actors/caf_compat.hpp"
#include "search/life/lease_queue.hpp"
#include "search/life/resource_ledger.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace troupe {

namespace {

/// Puts the ledger and the queue of those who wait behind a mailbox.
class broker_shell {
public:
  static inline const char* name = "broker";

  broker_shell(broker_actor::pointer self, resource_ledger ledger)
      : self_{self},
        ledger_{std::move(ledger)} {}

  broker_actor::behavior_type make_behavior() {
    return {
        [this](const acquire_lease& a, const lease_client_actor& client) {
          return enqueue(a, client);
        },
        [this](const cancel_lease& c, const lease_client_actor& client) {
          withdraw(c.ticket, client);
          serve();
        },
        [this](const release_lease& r) {
          ledger_.release(r.id);
          serve();
        },
    };
  }

private:
  /// Tickets are the clients' own; places in the queue are ours.
  struct request {
    std::uint64_t ticket;
    lease_client_actor client;
  };

  caf::result<void> enqueue(const acquire_lease& a, const lease_client_actor& client) {
    if (const auto why = ledger_.why_never(a.amount); !why.empty())
      return caf::make_error(caf::sec::invalid_argument, why);
    const std::uint64_t place = ++last_place_;
    clients_.emplace(place, request{a.ticket, client});
    queue_.push(place, a.amount);
    serve();
    return caf::unit;
  }

  void serve() {
    while (auto granted = queue_.next(ledger_)) {
      auto served = clients_.extract(granted->ticket).mapped();
      tell(self_, served.client, lease_granted{served.ticket, std::move(granted->lease)});
    }
  }

  void withdraw(std::uint64_t ticket, const lease_client_actor& client) {
    const auto found = std::ranges::find_if(clients_, [&](const auto& entry) {
      return entry.second.ticket == ticket && entry.second.client == client;
    });
    if (found == clients_.end()) return; // granted meanwhile: the client gives it back
    queue_.cancel(found->first);
    clients_.erase(found);
  }

  broker_actor::pointer self_;
  resource_ledger ledger_;
  lease_queue queue_;
  std::unordered_map<std::uint64_t, request> clients_; ///< By place in the queue.
  std::uint64_t last_place_ = 0;
};

} // namespace

broker_actor spawn_broker_actor(caf::actor_system& system, const capacity& total) {
  // Made here, so that what is wrong with it is thrown here.
  return system.spawn<broker_actor::stateful_impl<broker_shell>>(resource_ledger{total});
}

resource_broker spawn_broker(caf::actor_system& system, const capacity& total) {
  return resource_broker{caf::actor_cast<caf::strong_actor_ptr>(spawn_broker_actor(system, total))};
}

} // namespace troupe
