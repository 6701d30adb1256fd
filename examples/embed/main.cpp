// Troupe inside a CAF system of one's own.
#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <iostream>

void train(troupe::trial& t) {
  double x = 5; // (x - 1)^2 is minimised, with the step size as parameter
  for (int i = 0; i < 10; ++i) {
    x -= t.param<double>("step") * 2 * (x - 1);
    if (!t.report({{"loss", (x - 1) * (x - 1)}})) return;
  }
}

int main() {
  troupe::init_actors();
  caf::actor_system_config config;
  caf::actor_system system{config};
  troupe::study s;
  s.space.add("step", troupe::loguniform{1e-3, 1});
  s.metric = "loss";
  s.num_samples = 20;
  const auto study = troupe::spawn_study(
      system, {.study = s,
               .trainable = {.name = "descent", .train = train},
               .broker = troupe::spawn_broker(system, troupe::machine_capacity())});
  caf::anon_send(study, troupe::start_study{});
  caf::scoped_actor self{system};
  self->request(study, caf::infinite, troupe::await_results{})
      .receive(
          [](const troupe::study_results& results) {
            const auto& best = results.trials.at(results.best.value());
            std::cout << "trial " << best.number << ": loss " << *best.last.find("loss") << '\n';
          },
          [](const caf::error& e) { std::cerr << to_string(e) << '\n'; });
}
