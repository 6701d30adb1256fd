#include "library/study_watch.hpp"

#include "actors/caf_compat.hpp"
#include "actors/event_listener.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>

#include <utility>

namespace troupe {

study_watch::study_watch(const study& s, std::vector<study_callbacks> callbacks,
                         std::function<void(const event&)> watch)
    : watch_{std::move(watch)} {
  if (!callbacks.empty()) feed_.emplace(s, std::move(callbacks));
}

void study_watch::join(caf::actor_system& system, const study_actor& running) {
  if (!watch_ && !feed_) return;
  const auto hears = spawn_listener(
      system,
      [this](const event& e) {
        if (watch_) watch_(e);
        if (feed_) feed_->take(e);
      },
      [this, running](std::exception_ptr e) {
        thrown_ = std::move(e);
        anon_tell(running, interrupt_study{"what watches the study has failed"});
      });
  listener_ = caf::actor_cast<caf::strong_actor_ptr>(hears);
  anon_tell(running, hears);
}

/// It waits for the study's last event, which nobody hears if it could not be written down.
void study_watch::leave(caf::scoped_actor& self, const study_results& results) {
  if (!listener_) return;
  const auto hears = caf::actor_cast<caf::actor>(std::exchange(listener_, nullptr));
  if (!results.not_recorded.empty()) caf::anon_send_exit(hears, caf::exit_reason::user_shutdown);
  self->wait_for(hears);
}

} // namespace troupe
