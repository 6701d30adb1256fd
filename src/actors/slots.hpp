#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace troupe {

/// The slots that a study asks the resource broker for, one at a time.
class slots {
public:
  slots(controller_actor::pointer self, broker_actor broker)
      : self_{self},
        broker_{std::move(broker)} {}

  /// Asks for a slot; `refused` is called, with the reason, if there is never going to be one.
  template <class Refused>
  void acquire(const resources& amount, Refused refused) {
    ask(self_, broker_, caf::infinite, acquire_lease{++ticket_, amount}, lease_client_actor{self_})
        .then([] {},
              [this, ticket = ticket_, refused](const caf::error& e) {
                if (ticket == ticket_) refused(explanation(e));
              });
  }

  /// Returns whether this is the slot that was asked for last; one asked for before, and withdrawn,
  /// goes back.
  bool take(const lease_granted& g) {
    if (g.ticket != ticket_) release(g.lease);
    return g.ticket == ticket_;
  }

  /// Takes the last request back; then calls `withdrawn`.
  template <class Withdrawn>
  void withdraw(Withdrawn withdrawn) {
    ask(self_, broker_, caf::infinite, cancel_lease{ticket_}, lease_client_actor{self_})
        .then(withdrawn, [withdrawn](const caf::error&) { withdrawn(); });
  }

  void release(const lease& l) { tell(self_, broker_, release_lease{l.id}); }

private:
  controller_actor::pointer self_;
  broker_actor broker_;
  std::uint64_t ticket_ = 0; ///< Of the last request.
};

} // namespace troupe
