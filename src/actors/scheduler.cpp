#include "actors/scheduler.hpp"

#include "actors/candid_logic.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace troupe {

namespace {

class scheduler_shell {
public:
  static inline const char* name = "scheduler";

  scheduler_shell(scheduler_actor::pointer, std::unique_ptr<scheduler> logic)
      : logic_{std::move(logic)} {}

  scheduler_actor::behavior_type make_behavior() {
    return {
        [this](const inform_scheduler& i) {
          logic_.tell([&](scheduler& s) { inform(s, i.news); });
        },
        [this](const judge_result& question) {
          return logic_.ask([&](scheduler& s) { return consult(s, question); });
        },
        [this](const choose_trial& question) {
          return logic_.ask([&](scheduler& s) { return consult(s, question); });
        },
    };
  }

private:
  candid_logic<scheduler> logic_;
};

} // namespace

scheduler_actor spawn_scheduler(caf::actor_system& system, std::unique_ptr<scheduler> logic) {
  return system.spawn<scheduler_actor::stateful_impl<scheduler_shell>>(std::move(logic));
}

} // namespace troupe
