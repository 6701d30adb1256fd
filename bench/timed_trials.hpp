#pragma once

#include "actors/caf_compat.hpp"
#include "thread_cpu.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <stdexcept>

/// How long to look at a training loop.
struct timing {
  int warm_up, steps;
};

/// A trial that stops as soon as its steps have been timed; everything else is another's.
class timed_trial : public troupe::trial {
public:
  timed_trial(troupe::trial& inner, timing t) : inner_{inner}, timing_{t} {}

  const std::string& id() const noexcept override { return inner_.id(); }
  const troupe::config& config() const noexcept override { return inner_.config(); }
  const troupe::checkpoint& last_checkpoint() const noexcept override {
    return inner_.last_checkpoint();
  }
  int iteration() const noexcept override { return inner_.iteration(); }
  std::uint64_t seed(std::string_view purpose) const noexcept override {
    return inner_.seed(purpose);
  }
  int threads() const noexcept override { return inner_.threads(); }
  const std::vector<std::string>& devices() const noexcept override { return inner_.devices(); }
  const std::filesystem::path& folder() const noexcept override { return inner_.folder(); }
  double memory_gb() const noexcept override { return inner_.memory_gb(); }
  bool report(troupe::metrics, troupe::checkpoint) override {
    throw std::logic_error{"an epoch is shorter than the steps to be timed"};
  }
  bool pausing() const noexcept override { return inner_.pausing(); }
  bool stopping() const noexcept override {
    return inner_.stopping() || done_ == timing_.warm_up + timing_.steps;
  }
  std::stop_token stop_token() const noexcept override { return inner_.stop_token(); }
  void progress(double fraction) noexcept override {
    inner_.progress(fraction);
    ++done_;
    if (done_ == timing_.warm_up) begin_ = thread_cpu_s();
    if (done_ == timing_.warm_up + timing_.steps) end_ = thread_cpu_s();
  }
  void log(std::string_view line) override { inner_.log(line); }

  double step_s() const { return (end_ - begin_) / timing_.steps; }

private:
  troupe::trial& inner_;
  timing timing_;
  int done_ = 0;
  double begin_ = 0, end_ = 0;
};

/// Returns the trainable with so many synthetic images, of which it trains on four fifths.
inline troupe::trainable with_images(troupe::trainable t, int images,
                                     std::string engine = "eager") {
  troupe::run_context context;
  context.engine = std::move(engine);
  context.options = {{"data", "synthetic"}, {"train_images", images}};
  context.say = [](std::string_view) {};
  t.load(context);
  return t;
}

/// Runs `count` trials of `t` at once, with all of Troupe's actors, and returns the CPU time of
/// each training thread per step, in seconds.
inline std::vector<double> seconds_per_step(const troupe::trainable& t, int batch_size, int count,
                                            timing how_long) {
  using namespace troupe;
  study s;
  s.metric = "step_s";
  s.num_samples = static_cast<std::uint64_t>(count);
  s.space.add("l1", constant{120}).add("l2", constant{84}).add("lr", constant{0.001});
  s.space.add("batch_size", constant{batch_size});
  const auto train = [&](trial& actual) {
    timed_trial timed{actual, how_long};
    t.train(timed);
    std::ignore = actual.report({{"step_s", timed.step_s()}});
  };

  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const auto controller =
      spawn_study(system, {.study = s,
                           .trainable = {.name = "timed", .train = train},
                           .broker = spawn_broker(system, {.cpus = static_cast<double>(count)})});
  anon_tell(controller, start_study{});
  std::vector<double> seconds;
  ask(self, controller, caf::infinite, await_results{})
      .receive(
          [&](const study_results& results) {
            for (const auto& trial : results.trials) {
              const auto* step_s = trial.last.find("step_s");
              if (!step_s) throw std::runtime_error{"a trial failed: " + trial.reason};
              seconds.push_back(*step_s);
            }
          },
          [](const caf::error& e) { throw std::runtime_error{to_string(e)}; });
  return seconds;
}
