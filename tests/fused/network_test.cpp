#include "fused/fused_kit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace troupe::fused;

namespace {

void check_refusal(input in, std::vector<block> blocks, const char* said) {
  CHECK_THROWS_WITH_AS((network{in, std::move(blocks), 0}), doctest::Contains(said),
                       std::invalid_argument);
}

} // namespace

TEST_CASE("a chain that does not fit together is refused, and the block named") {
  const image in{3, 8, 8};
  check_refusal(in, {conv2d{4, 9}, flatten{}}, "block \"0\": its kernel of 9x9 is larger");
  check_refusal(in, {{"first", conv2d{0, 3}}, flatten{}},
                "block \"first\": the number of channels");
  check_refusal(in, {conv2d{4, 3, 0}, flatten{}}, "the stride is 0");
  check_refusal(in, {conv2d{4, 3, 1, -1}, flatten{}}, "the padding is -1");
  check_refusal(in, {max_pool2d{2, 2, 2}, flatten{}}, "more than half of the kernel");
  check_refusal(in, {linear{4}}, "put flatten before it");
  check_refusal(in, {conv2d{4, 3}}, "put flatten at its end");
  check_refusal(in, {flatten{}, conv2d{4, 3}}, "it needs an image, and gets features");
  check_refusal(in, {flatten{}, dropout{1}}, "at least 0 and below 1");
  check_refusal(in, {{"a", relu{}}, {"a", flatten{}}}, "another has the same name");
  check_refusal(in, {flatten{}, linear{1 << 24}, linear{1 << 24}}, "more than 2^31 numbers");
  check_refusal(in, {{"\xff", flatten{}}}, "its name is not UTF-8");
  check_refusal(image{0, 8, 8}, {flatten{}}, "block \"input\"");
  check_refusal(features{0}, {linear{2}}, "block \"input\"");
  const auto widest = std::numeric_limits<std::int64_t>::max();
  check_refusal(in, {conv2d{widest, 3}, flatten{}}, "the number of channels");
  check_refusal(in, {conv2d{1, {3, widest}}, flatten{}}, "the kernel");
  check_refusal(in, {conv2d{1, 3, widest}, flatten{}}, "the stride");
  check_refusal(in, {conv2d{1, 3, 1, widest}, flatten{}}, "the padding");
  check_refusal(in, {avg_pool2d{2, 2, {1, -1}}, flatten{}}, "the padding is -1");
}

TEST_CASE("options out of their ranges are refused") {
  auto net = small_network(1);
  const auto check = [&](optimizer o, const char* said) {
    CHECK_THROWS_WITH_AS((trainer{net, o}), doctest::Contains(said), std::invalid_argument);
  };
  check(sgd{.lr = -1}, "lr");
  check(sgd{.lr = std::nan("")}, "lr");
  check(sgd{.lr = 1, .momentum = -0.1}, "momentum");
  check(adam{.beta2 = 1}, "beta2");
  check(adamw{.weight_decay = std::numeric_limits<double>::infinity()}, "weight_decay");
  trainer t{net, adam{}};
  CHECK_THROWS_AS(t.set_lr(-1), std::invalid_argument);
}

TEST_CASE("what is no whole batch is refused, and changes nothing") {
  auto net = small_network(1);
  trainer t{net, adam{}};
  const auto before = t.save();
  const examples some{3, net.inputs(), 5, 1};
  const std::span<const float> values{some.values};
  const std::span<const std::int64_t> labels{some.labels};
  CHECK_THROWS_WITH_AS(t.step(values.first(100), labels), doctest::Contains("each example has 128"),
                       std::invalid_argument);
  CHECK_THROWS_AS(t.step(values.first(0), labels.first(0)), std::invalid_argument);
  CHECK_THROWS_WITH_AS(t.step(values, labels.first(2)),
                       doctest::Contains("3 examples and 2 answers"), std::invalid_argument);
  const std::vector<std::int64_t> wrong{0, 5, 1};
  CHECK_THROWS_WITH_AS(t.step(values, wrong), doctest::Contains("label 5 is no class"),
                       std::invalid_argument);
  CHECK_THROWS_AS(t.step(values, values.first(7)), std::invalid_argument);
  CHECK_THROWS_AS(net.predict(values.first(1)), std::invalid_argument);
  CHECK(same(t.save(), before));
}

TEST_CASE("equal seeds give equal networks, and others others") {
  auto one = small_network(1), same_again = small_network(1), other = small_network(2);
  CHECK(same(trainer{one, adam{}}.save(), trainer{same_again, adam{}}.save()));
  CHECK_FALSE(same(trainer{one, adam{}}.save(), trainer{other, adam{}}.save()));
}

TEST_CASE("predictions do not depend on how many examples there are, nor drop anything") {
  auto net = small_network(1);
  const examples some{70, net.inputs(), 5, 1};
  const auto span = net.predict(some.values);
  const std::vector<float> together{span.begin(), span.end()};
  for (std::size_t i = 0; i < 70; ++i) {
    const auto one = net.predict(std::span{some.values}.subspan(i * net.inputs(), net.inputs()));
    CHECK(std::ranges::equal(one, std::span{together}.subspan(i * 5, 5),
                             [](float a, float b) { return std::abs(a - b) < 1e-6F; }));
  }
}

TEST_CASE("dropout drops its share, and what is left has the same mean") {
  network net{features{4000}, {dropout{0.25}, linear{1}}, 1};
  // Weights of 1 over the inputs: a step's loss is the squared mean of what is left.
  trainer t{net, sgd{.lr = 0}, 5};
  const auto saved = t.save();
  const std::vector<float> ones(4000, 1.0F), target{0.0F};
  std::vector<double> roots;
  for (int step = 0; step < 10; ++step)
    roots.push_back(t.step(ones, target));
  std::ranges::sort(roots);
  CHECK(std::ranges::adjacent_find(roots) == roots.end()); // each step drops others
  CHECK(same(t.save(), saved) == false);                   // and the number of steps is kept
}

TEST_CASE("a network learns what a linear one cannot") {
  network net{features{2}, {linear{16}, tanh_activation{}, linear{2}}, 3};
  trainer t{net, adam{.lr = 0.02}};
  const std::vector<float> corners{0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<std::int64_t> is_odd{0, 1, 1, 0};
  const double before = t.step(corners, is_odd);
  double loss = before;
  for (int step = 0; step < 300; ++step)
    loss = t.step(corners, is_odd);
  CHECK(before > 0.5);
  CHECK(loss < 0.01);
}

TEST_CASE("what is no number stays none, to be seen") {
  auto net = small_network(1);
  trainer t{net, sgd{.lr = 0.1}};
  examples some{2, net.inputs(), 5, 1};
  some.values[5] = std::nanf("");
  CHECK(std::isnan(t.step(some.values, some.labels)));
  const examples good{2, net.inputs(), 5, 2};
  CHECK(std::isnan(t.step(good.values, good.labels))); // its weights are lost
}

TEST_CASE("a gradient that is no number reaches all weights below it") {
  network net{image{1, 3, 3}, {conv2d{1, 2}, flatten{}}, 1};
  trainer t{net, sgd{.lr = 0.1}};
  const std::vector<float> pixels(9, 0.5F), targets{std::nanf(""), 1, 1, 1};
  CHECK(std::isnan(t.step(pixels, targets)));
  for (const float output : net.predict(pixels))
    CHECK(std::isnan(output));
}

TEST_CASE("what pads the weights stays 0, whatever the optimizer") {
  for (const optimizer& o : {optimizer{adam{.lr = 0.01, .eps = 0}}, optimizer{adam{.eps = 1e-50}},
                             optimizer{adamw{.lr = 0.01, .eps = 0}}}) {
    network net{features{2}, {linear{3}, tanh_activation{}, linear{2}}, 1};
    trainer t{net, o};
    const std::vector<float> x{0.5F, -0.25F, 1, 0.75F};
    const std::vector<std::int64_t> labels{0, 1};
    double last = t.step(x, labels);
    for (int step = 0; step < 5; ++step) {
      const double loss = t.step(x, labels);
      CHECK(loss < last);
      last = loss;
    }
  }
}

TEST_CASE("Adam's first step is the learning rate, however slowly its means move") {
  for (const double beta : {0.9, 0.999, 0.99999, 0.9999999, 0.999999999}) {
    network net{features{1}, {linear{1}}, 1};
    trainer t{net, adam{.lr = 0.01, .beta1 = beta, .beta2 = beta}};
    const std::vector<float> x{0}, target{100}; // moves the bias alone
    const float before = net.predict(x)[0];
    t.step(x, target);
    CHECK(net.predict(x)[0] - before == doctest::Approx(0.01).epsilon(1e-4));
  }
}

TEST_CASE(
    "a stride or a window that is larger than the image takes no more memory than the image") {
  constexpr std::int64_t huge = 1 << 24;
  network strided{image{1024, 1, 1}, {conv2d{1, 1, huge}, flatten{}}, 1};
  CHECK(strided.predict(std::vector<float>(1024, 1.0F)).size() == 1);
  network pooled{image{1, 1, 1}, {max_pool2d{huge, 0, huge / 2}, flatten{}}, 1};
  CHECK(pooled.predict(std::vector<float>{3})[0] == 3);
}

TEST_CASE("predictions may be examples") {
  network net{features{3}, {linear{3}}, 1};
  const std::vector<float> x{1, 2, 3};
  const auto first = net.predict(x);
  const std::vector<float> copy{first.begin(), first.end()};
  const auto of_first = net.predict(first);
  const std::vector<float> second{of_first.begin(), of_first.end()};
  CHECK(std::ranges::equal(second, net.predict(copy)));
}

TEST_CASE("the learning rate may change between steps") {
  auto net = small_network(1);
  trainer t{net, sgd{.lr = 0.1}};
  const examples some{2, net.inputs(), 5, 1};
  t.set_lr(0);
  const auto before = t.save().at("model.safetensors").bytes;
  t.step(some.values, some.labels);
  CHECK(t.save().at("model.safetensors").bytes == before);
  t.set_lr(0.1);
  t.step(some.values, some.labels);
  CHECK(t.save().at("model.safetensors").bytes != before);
}
