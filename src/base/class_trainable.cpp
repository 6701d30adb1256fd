#include <troupe/class_trainable.hpp>

#include <stdexcept>
#include <utility>

namespace troupe {

void step_trainable::run(trial& t, const checkpoint_plan& plan) {
  iteration_ = t.iteration();
  setup(t);
  if (t.last_checkpoint()) load_checkpoint(t.last_checkpoint());
  while (!t.stopping() && !done()) {
    auto m = step();
    if (t.stopping()) return;
    ++iteration_;
    const bool due = plan.checkpoint_frequency > 0 && iteration_ % plan.checkpoint_frequency == 0;
    const bool save = due || (plan.checkpoint_at_end && done());
    if (!t.report(std::move(m), save ? save_checkpoint() : checkpoint{})) return;
  }
}

trainable class_trainable(std::string name, std::function<std::unique_ptr<step_trainable>()> make,
                          checkpoint_plan plan) {
  if (!make)
    throw std::invalid_argument{"trainable " + name + " has nothing that makes its objects"};
  if (plan.checkpoint_frequency < 0)
    throw std::invalid_argument{"trainable " + name +
                                ": checkpoint_frequency must not be negative"};
  trainable t;
  t.name = std::move(name);
  t.train = [make = std::move(make), plan](trial& live) { make()->run(live, plan); };
  t.checkpoints = plan.checkpoint_frequency > 0;
  return t;
}

} // namespace troupe
