// Whether two trials at once disturb each other: steps per second of training-thread CPU time, of
// one trial and of two on a thread each, run by Troupe's actors. Fails unless two do at least 1.9
// times the work of one.
#include "timed_trials.hpp"

#include <troupe/cifar10.hpp>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace {

constexpr int rounds = 5, batch_size = 4, images = 10'000;
constexpr timing how_long{.warm_up = 200, .steps = 1'500};

/// Returns how many steps `count` trials do, together, while each has a second of CPU time.
double steps_per_second(const troupe::trainable& t, int count) {
  double sum = 0;
  for (const double seconds : seconds_per_step(t, batch_size, count, how_long))
    sum += 1 / seconds;
  return sum;
}

} // namespace

int main() {
  troupe::init_actors();
  const auto cifar = with_images(troupe::cifar10(), images);
  std::printf("LeNet 120/84, batch %d, best of %d rounds of %d steps a trial, %u processors\n",
              batch_size, rounds, how_long.steps, std::thread::hardware_concurrency());
  double one = 0, two = 0;
  for (int round = 0; round < rounds; ++round) {
    one = std::max(one, steps_per_second(cifar, 1));
    two = std::max(two, steps_per_second(cifar, 2));
  }
  const bool good = two >= 1.9 * one;
  std::printf("one trial: %.0f steps/s; two trials: %.0f steps/s; ratio %.2f: %s\n", one, two,
              two / one, good ? "good" : "too low, 1.90 is wanted");
  return good ? 0 : 1;
}
