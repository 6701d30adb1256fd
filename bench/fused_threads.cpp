// What several threads gain a step of the fused engine: the network of the trainable "cifar10",
// trained in batches of several sizes by one and by two threads. Prints microseconds of wall time
// per step, the median of rounds in turn.
#include <troupe/fused.hpp>
#include <troupe/random.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using namespace troupe::fused;

constexpr std::size_t rounds = 9, pixels = 3 * 32 * 32;

network lenet(int threads) {
  return {image{3, 32, 32},
          {conv2d{6, 5}, relu{}, max_pool2d{2}, conv2d{16, 5}, relu{}, max_pool2d{2}, flatten{},
           linear{120}, relu{}, linear{84}, relu{}, linear{10}},
          1,
          threads};
}

/// Trains one network with batches of one size.
class subject {
public:
  subject(std::size_t batch, int threads) : net_{lenet(threads)}, labels_(batch, 3) {
    troupe::random_stream random{1, 0, "pixels"};
    for (std::size_t i = 0; i < batch * pixels; ++i)
      examples_.push_back(static_cast<float>(random.uniform()));
    seconds_per_step(20);
  }

  double seconds_per_step(int steps) {
    const auto start = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; ++step)
      training_.step(examples_, labels_);
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count() / steps;
  }

private:
  network net_;
  trainer training_{net_, sgd{.lr = 1e-4, .momentum = 0.9}};
  std::vector<float> examples_;
  std::vector<std::int64_t> labels_;
};

double median(std::array<double, rounds> values) {
  std::ranges::nth_element(values, values.begin() + rounds / 2);
  return values[rounds / 2];
}

} // namespace

int main() {
  std::printf("%s; LeNet 120/84, wall time, median of %zu rounds\n", instruction_set(), rounds);
  std::printf("%5s  %12s  %12s  %6s\n", "batch", "1 thread us", "2 threads us", "gain");
  for (const std::size_t batch : {4, 8, 16, 32, 64, 256, 1024}) {
    subject alone{batch, 1}, together{batch, 2};
    const int steps = static_cast<int>(4096 / batch) + 4;
    std::array<double, rounds> one{}, two{};
    for (std::size_t i = 0; i < rounds; ++i) {
      one[i] = alone.seconds_per_step(steps);
      two[i] = together.seconds_per_step(steps);
    }
    std::printf("%5zu  %12.1f  %12.1f  %6.2f\n", batch, 1e6 * median(one), 1e6 * median(two),
                median(one) / median(two));
  }
}
