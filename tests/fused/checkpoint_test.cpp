#include "base/safetensors.hpp"
#include "fused/fused_kit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <stdexcept>

using namespace troupe;
using namespace troupe::fused;

TEST_CASE("interrupted and continued is the same, bit for bit, dropped elements too") {
  for (const optimizer& o :
       {optimizer{sgd{.lr = 0.05, .momentum = 0.9}}, optimizer{adam{}}, optimizer{adamw{}}}) {
    auto whole = small_network(1);
    trainer through{whole, o, 7};
    checkpoint half;
    for (std::uint64_t step = 0; step < 20; ++step) {
      const examples some{1 + step % 4, whole.inputs(), 5, step};
      through.step(some.values, some.labels);
      if (step == 9) half = through.save();
    }
    auto again = small_network(3);
    trainer rest{again, o, 7};
    rest.restore(half);
    for (std::uint64_t step = 10; step < 20; ++step) {
      const examples some{1 + step % 4, again.inputs(), 5, step};
      rest.step(some.values, some.labels);
    }
    CHECK(same(rest.save(), through.save()));
  }
}

TEST_CASE("a checkpoint of another network is refused, and changes nothing") {
  auto net = small_network(1);
  network wider{image{2, 8, 8}, {conv2d{5, 3}, flatten{}, linear{5}}, 1};
  trainer t{net, sgd{.lr = 0.1}}, other{wider, sgd{.lr = 0.1}}, by_adam{net, adam{}};
  const auto before = t.save();
  CHECK_THROWS_WITH_AS(t.restore(other.save()),
                       doctest::Contains("\"0.weight\" is F32 [5, 2, 3, 3] there"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(t.restore(by_adam.save()), doctest::Contains("optimizer.safetensors"),
                       std::runtime_error);
  CHECK_THROWS_AS(t.restore(checkpoint{std::vector<blob>{}}), std::out_of_range);
  CHECK(same(t.save(), before));
}

TEST_CASE("counts of steps that are none are refused") {
  auto net = small_network(1);
  trainer t{net, adam{}};
  const examples some{2, net.inputs(), 5, 1};
  t.step(some.values, some.labels);
  const auto good = t.save();
  const auto with = [&](std::string_view file, std::string_view tensor, double value) {
    std::vector<blob> files{good.blobs().begin(), good.blobs().end()};
    auto& bytes = std::ranges::find(files, file, &blob::name)->bytes;
    for (const auto& view : safetensors::read(bytes))
      if (view.name == tensor)
        std::memcpy(bytes.data() + (view.bytes.data() - bytes.data()), &value, sizeof value);
    return checkpoint{std::move(files)};
  };
  for (const double wrong : {-1.0, 0.5, 1e300, std::nan("")}) {
    CHECK_THROWS_WITH_AS(t.restore(with("steps.safetensors", "steps", wrong)),
                         doctest::Contains("should be a whole number"), std::runtime_error);
    CHECK_THROWS_WITH_AS(t.restore(with("optimizer.safetensors", "state.0.weight.step", wrong)),
                         doctest::Contains("\"state.0.weight.step\" should be a whole number"),
                         std::runtime_error);
  }
  CHECK_THROWS_WITH_AS(t.restore(with("optimizer.safetensors", "state.0.weight.step", 77)),
                       doctest::Contains("is not that of the other parameters"),
                       std::runtime_error);
  CHECK(same(t.save(), good));
}

TEST_CASE("a checkpoint that does not count steps begins anew") {
  auto net = small_network(1);
  trainer t{net, adam{}};
  std::vector<blob> files;
  const auto saved = t.save();
  for (const auto& file : saved.blobs())
    if (file.name != "steps.safetensors") files.push_back(file);
  t.restore(checkpoint{std::move(files)});
  CHECK(same(t.save(), trainer{net, adam{}}.save()));
}
