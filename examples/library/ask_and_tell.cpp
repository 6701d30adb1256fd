// The loop is one's own: it asks what to try and tells what came of it.
#include <troupe/ask_tell.hpp>

#include <cstdio>

double loss_of(double x) {
  return (x - 3) * (x - 3);
}

int main() {
  troupe::study s;
  s.metric = "loss";
  s.num_samples = 30;
  s.space.add("x", troupe::uniform{0, 10});
  s.searcher = {"tpe", {}};
  troupe::ask_tell study{s}; // {s, "results/asked"} would keep it on the disk

  while (const auto trial = study.ask())
    study.tell(trial->number, {loss_of(trial->params.at("x").to_number<double>())});

  const auto results = study.results();
  std::printf("%g\n", *results.trials.at(results.best.value()).last.find("loss"));
}
