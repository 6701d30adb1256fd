#include "actors/scheduler.hpp"

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
        [this](const schedule_trial& t) {
          logic_->configured(t.number, t.config);
          logic_->added(t.number);
        },
        [this](const keep_config& k) { logic_->configured(k.number, k.config); },
        [this](const judge_result& j) { return judge(j); },
        [this](const trial_over& t) { finish(t); },
        [this](const choose_trial&) {
          const auto chosen = logic_->choose();
          return chosen_trial{chosen, logic_->aftermath()};
        },
    };
  }

private:
  decision judge(const judge_result& j) {
    auto d = logic_->reported(j.number, j.result);
    if (d.verdict == verdict::stop) logic_->completed(j.number, j.result);
    return d;
  }

  void finish(const trial_over& t) {
    switch (t.what) {
    case trial_over::how::completed:
      return logic_->completed(t.number, t.last);
    case trial_over::how::failed:
      return logic_->failed(t.number);
    case trial_over::how::removed:
      return logic_->removed(t.number);
    }
  }

  std::unique_ptr<scheduler> logic_;
};

} // namespace

scheduler_actor spawn_scheduler(caf::actor_system& system, std::unique_ptr<scheduler> logic) {
  return system.spawn<scheduler_actor::stateful_impl<scheduler_shell>>(std::move(logic));
}

} // namespace troupe
