// A trainable that says what it reads, goes on from a checkpoint, and is tested at the end.
#include <troupe/open_results.hpp>
#include <troupe/run.hpp>

#include <cstdio>
#include <cstring>

struct descent {
  double x = 5;
  troupe::checkpoint saved() const {
    std::vector<std::byte> bytes(sizeof x);
    std::memcpy(bytes.data(), &x, sizeof x);
    return troupe::checkpoint{{{"x", bytes}}};
  }
  void load(const troupe::checkpoint& c) { std::memcpy(&x, c.at("x").bytes.data(), sizeof x); }
};

troupe::trainable descending() {
  troupe::trainable t;
  t.name = "descent";
  t.parameters = {{.name = "step", .low = 0, .high = 1, .help = "how far along the gradient"}};
  t.metrics = {"loss"};
  t.checkpoints = true;
  t.train = [](troupe::trial& trial) {
    descent d;
    if (trial.last_checkpoint()) d.load(trial.last_checkpoint());
    for (int i = trial.iteration(); i < 10; ++i) {
      d.x -= trial.param<double>("step") * 2 * (d.x - 1);
      if (!trial.report({{"loss", (d.x - 1) * (d.x - 1)}}, d.saved())) return;
    }
  };
  return t;
}

int main() {
  troupe::study s;
  s.metric = "loss";
  s.num_samples = 20;
  s.space.add("step", troupe::loguniform{1e-3, 1});
  s.scheduler = {"hyperband", {{"max_t", 9}}}; // it pauses trials, which go on from a checkpoint
  troupe::run(s, descending(), {.folder = "results/descent", .resume = true});

  const auto past = troupe::open_results("results/descent");
  const auto best = past.results().best.value();
  for (const auto& r : past.reports(best))
    std::printf("%d: %g\n", r.iteration, *r.metrics.find("loss"));
  descent d;
  d.load(past.last_checkpoint(best));
  std::printf("x = %g\n", d.x);
}
