// Troupe inside a CAF system of one's own: an actor of ours watches a study, and we ask for what it
// came to.

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cmath>
#include <iostream>

// A trainable: minimises (x - 1)^2 by gradient descent, with the step size as its parameter.
void train(troupe::trial& t) {
  double x = 5;
  for (int i = 0; i < 10; ++i) {
    x -= t.param<double>("step") * 2 * (x - 1);
    if (!t.report({{"loss", (x - 1) * (x - 1)}})) return;
  }
}

// An actor of our own that sees every event of the study.
troupe::subscriber_actor::behavior_type watch() {
  return {
      [](const troupe::event& e) {
        if (const auto* ended = std::get_if<troupe::event_kind::trial_ended>(&e.body))
          std::cout << "trial " << *e.trial << " " << to_string(ended->state) << '\n';
      },
      [](const troupe::trial_progress&) {},
  };
}

int main() {
  troupe::init_actors();
  caf::actor_system_config config;
  caf::actor_system system{config};

  troupe::study study;
  study.name = "embedded";
  study.space.add("step", troupe::loguniform{1e-3, 1});
  study.metric = "loss";
  study.num_samples = 20;
  study.scheduler = {"asha", {{"max_t", 10}, {"grace_period", 1}, {"reduction_factor", 2}}};

  const auto running = troupe::spawn_study(
      system, {.study = study,
               .trainable = {.name = "descent", .train = train},
               .broker = troupe::spawn_broker(system, troupe::machine_capacity()),
               .subscribers = {system.spawn(watch)}});

  caf::scoped_actor self{system};
  caf::anon_send(running, troupe::start_study{});
  int code = 1;
  self->request(running, caf::infinite, troupe::await_results{})
      .receive(
          [&](const troupe::study_results& results) {
            const auto& best = results.trials.at(results.best.value());
            std::cout << "best: trial " << best.number << ", loss " << *best.last.find("loss")
                      << '\n';
            code = 0;
          },
          [](const caf::error& e) { std::cerr << to_string(e) << '\n'; });
  return code;
}
