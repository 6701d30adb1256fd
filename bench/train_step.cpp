// What Troupe costs a training step: the step of the trainable "cifar10", run by Troupe's actors,
// against the same step in a bare loop. Prints microseconds of the training thread's CPU time per
// step, the median of several rounds in turn, and fails if the trial is slower by more than 5 %.
#include "timed_trials.hpp"
#include "train_step/bare_loop.hpp"

#include <troupe/cifar10.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace {

constexpr int rounds = 9, images = 12'000;
constexpr timing how_long{.warm_up = 100, .steps = 400};

using samples = std::array<double, rounds>;

double median(samples values) {
  std::ranges::nth_element(values, values.begin() + rounds / 2);
  return values[rounds / 2];
}

} // namespace

int main() {
  troupe::init_actors();
  const auto cifar = with_images(troupe::cifar10(), images);
  std::printf("LeNet 120/84, one thread, CPU time, median of %d rounds of %d steps\n", rounds,
              how_long.steps);
  std::printf("%5s  %10s  %10s  %6s\n", "batch", "bare us", "trial us", "ratio");
  bool good = true;
  for (const int batch_size : {2, 4, 8, 16}) {
    samples bare{}, trial{};
    for (std::size_t i = 0; i < rounds; ++i) {
      bare[i] = bare_seconds_per_step(batch_size, images, how_long.warm_up, how_long.steps);
      trial[i] = seconds_per_step(cifar, batch_size, 1, how_long).front();
    }
    const double ratio = median(trial) / median(bare);
    std::printf("%5d  %10.1f  %10.1f  %6.3f\n", batch_size, 1e6 * median(bare), 1e6 * median(trial),
                ratio);
    good = good && ratio <= 1.05;
  }
  std::puts(good ? "good: a trial's step takes at most 5 % longer than a bare one" : "too slow");
  return good ? 0 : 1;
}
