#include "actors/event_listener.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <utility>
#include <variant>

namespace troupe {

namespace {

class listener {
public:
  static inline const char* name = "listener";

  listener(subscriber_actor::pointer self, std::function<void(const event&)> watch,
           std::function<void(std::exception_ptr)> broken)
      : self_{self},
        watch_{std::move(watch)},
        broken_{std::move(broken)} {}

  subscriber_actor::behavior_type make_behavior() {
    return {
        [this](const event& e) { hear(e); },
        [](const trial_progress&) {},
    };
  }

private:
  void hear(const event& e) {
    try {
      if (watch_) watch_(e);
    } catch (...) {
      watch_ = nullptr;
      broken_(std::current_exception());
    }
    if (std::holds_alternative<event_kind::study_ended>(e.body)) self_->quit();
  }

  subscriber_actor::pointer self_;
  std::function<void(const event&)> watch_;
  std::function<void(std::exception_ptr)> broken_;
};

} // namespace

subscriber_actor spawn_listener(caf::actor_system& system, std::function<void(const event&)> watch,
                                std::function<void(std::exception_ptr)> broken) {
  return system.spawn<subscriber_actor::stateful_impl<listener>, caf::detached>(std::move(watch),
                                                                                std::move(broken));
}

} // namespace troupe
