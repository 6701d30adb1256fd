// What Troupe costs a training step, and what its own engine gains: the step of the trainable
// "cifar10", run by Troupe's actors with either engine, against libtorch's in a bare loop. Prints
// microseconds of the training thread's CPU time per step, the median of several rounds in turn,
// and fails if the eager trial is slower than the bare loop by more than 5 %.
#include "timed_trials.hpp"
#include "train_step/bare_loop.hpp"

#include <troupe/cifar10.hpp>
#include <troupe/fused.hpp>

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
  const auto fused = with_images(troupe::cifar10(), images, "fused");
  std::printf("%s; LeNet 120/84, one thread, CPU time, median of %d rounds of %d steps\n",
              troupe::fused::instruction_set(), rounds, how_long.steps);
  std::printf("%5s  %10s  %10s  %6s  %10s  %12s\n", "batch", "bare us", "eager us", "ratio",
              "fused us", "eager/fused");
  bool good = true;
  for (const int batch_size : {2, 4, 8, 16}) {
    samples bare{}, eager{}, own{};
    for (std::size_t i = 0; i < rounds; ++i) {
      bare[i] = bare_seconds_per_step(batch_size, images, how_long.warm_up, how_long.steps);
      eager[i] = seconds_per_step(cifar, batch_size, 1, how_long).front();
      own[i] = seconds_per_step(fused, batch_size, 1, how_long).front();
    }
    const double ratio = median(eager) / median(bare);
    std::printf("%5d  %10.1f  %10.1f  %6.3f  %10.1f  %12.2f\n", batch_size, 1e6 * median(bare),
                1e6 * median(eager), ratio, 1e6 * median(own), median(eager) / median(own));
    good = good && ratio <= 1.05;
  }
  std::puts(good ? "good: a trial's step takes at most 5 % longer than a bare one" : "too slow");
  return good ? 0 : 1;
}
