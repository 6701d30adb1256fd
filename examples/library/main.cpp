// A study in one call.
#include <troupe/run.hpp>

#include <cstdio>

// What is tuned: gradient descent on (x - 1)^2, with the step size as its parameter.
void train(troupe::trial& t) {
  double x = 5;
  for (int i = 0; i < 10; ++i) {
    x -= t.param<double>("step") * 2 * (x - 1);
    if (!t.report({{"loss", (x - 1) * (x - 1)}})) return;
  }
}

int main() {
  troupe::study s;
  s.metric = "loss";
  s.num_samples = 20;
  s.space.add("step", troupe::loguniform{1e-3, 1});
  s.scheduler = {"asha", {{"max_t", 10}, {"grace_period", 1}, {"reduction_factor", 2}}};
  const auto results = troupe::run(s, train);
  const auto& best = results.trials.at(results.best.value());
  std::printf("trial %u is best: loss %g\n", best.number, *best.last.find("loss"));
}
