#include "model/fake_trial.hpp"

#include <troupe/cifar10.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace troupe;

/// The trainable with some synthetic images, a fifth of which are for validation.
trainable loaded(int train_images = 640, std::uint64_t seed = 1) {
  auto t = cifar10();
  run_context context;
  context.options = {{"data", "synthetic"}, {"train_images", train_images}, {"test_images", 100}};
  context.seed = seed;
  context.say = [](std::string_view) {};
  t.load(context);
  return t;
}

config small_network(int epochs, int batch_size = 8) {
  return {
      {"l1", 16}, {"l2", 8}, {"lr", 0.01}, {"batch_size", batch_size}, {"max_num_epochs", epochs}};
}

double last(const fake_trial& t, std::string_view metric) {
  return *t.reports.back().find(metric);
}

const std::vector<std::byte>& model(const checkpoint& c) {
  return c.at("model.safetensors").bytes;
}

} // namespace

TEST_CASE("training on synthetic images learns them") {
  const auto t = loaded();
  fake_trial run{small_network(6)};
  t.train(run);
  REQUIRE(run.reports.size() == 6);
  CHECK(last(run, "loss") < *run.reports.front().find("loss"));
  CHECK(last(run, "accuracy") > 0.5);
  const auto result = t.test(run.config(), run.checkpoints.back());
  CHECK(*result.find("accuracy") > 0.5);
}

TEST_CASE("a trial trains on four fifths of the images, the last partial batch too") {
  const auto t = loaded(640);
  fake_trial run{small_network(1, 9)};
  t.train(run);
  CHECK(run.steps == (512 + 8) / 9);
  CHECK(run.last_fraction == 1);
}

TEST_CASE("training ends after ten epochs if the configuration does not say") {
  const auto t = loaded(20);
  auto c = small_network(1, 16);
  c.erase("max_num_epochs");
  fake_trial run{c};
  t.train(run);
  CHECK(run.reports.size() == 10);
}

TEST_CASE("training returns when a report is answered by no") {
  const auto t = loaded(80);
  fake_trial run{small_network(5)};
  run.reports_before_stop = 2;
  t.train(run);
  CHECK(run.reports.size() == 2);
}

TEST_CASE("training stops at the next batch, without a report") {
  const auto t = loaded(640);
  fake_trial run{small_network(5)};
  run.polls_before_stop = 3;
  t.train(run);
  CHECK(run.steps == 3);
  CHECK(run.reports.empty());
}

TEST_CASE("training stops within validation, without a report") {
  const auto t = loaded(640);
  fake_trial run{small_network(5)};
  run.polls_before_stop = 512 / 8 + 1; // All batches of the epoch, and one chunk of validation.
  t.train(run);
  CHECK(run.steps == 512 / 8);
  CHECK(run.reports.empty());
}

TEST_CASE("a trial that is resumed equals one that was never paused, bit for bit") {
  const auto t = loaded(160);
  fake_trial whole{small_network(4)};
  t.train(whole);

  fake_trial first{small_network(4)}, second{small_network(4)};
  first.reports_before_stop = 2;
  t.train(first);
  second.resume(first);
  t.train(second);

  REQUIRE(second.reports.size() == 2);
  CHECK(second.reports[0] == whole.reports[2]);
  CHECK(second.reports[1] == whole.reports[3]);
  for (const auto* name : {"model.safetensors", "optimizer.safetensors"})
    CHECK(second.checkpoints[1].at(name).bytes == whole.checkpoints[3].at(name).bytes);
}

TEST_CASE("a trial that is resumed after its last epoch returns at once") {
  const auto t = loaded(80);
  fake_trial whole{small_network(2)};
  t.train(whole);
  fake_trial again{small_network(2)};
  again.resume(whole);
  t.train(again);
  CHECK(again.steps == 0);
  CHECK(again.reports.empty());
}

TEST_CASE("the same trial twice gives the same bits, another trial gives others") {
  const auto t = loaded(160);
  fake_trial one{small_network(2), 3}, same{small_network(2), 3}, other{small_network(2), 4};
  t.train(one);
  t.train(same);
  t.train(other);
  CHECK(one.reports == same.reports);
  CHECK(model(one.checkpoints.back()) == model(same.checkpoints.back()));
  CHECK(one.reports != other.reports);
}

TEST_CASE("loading again with the same seed gives the same run, with another seed another") {
  std::vector<std::vector<metrics>> runs;
  for (const auto seed : {1, 1, 2}) {
    fake_trial run{small_network(1)};
    loaded(160, static_cast<std::uint64_t>(seed)).train(run);
    runs.push_back(run.reports);
  }
  CHECK(runs[0] == runs[1]);
  CHECK(runs[0] != runs[2]);
}

TEST_CASE("two devices give what one gives, up to rounding") {
  const auto t = loaded(85); // 68 to learn from: the last batch of 3 has 2, that of 67 has 1.
  for (const auto batch_size : {3, 67}) {
    fake_trial one{small_network(2, batch_size)}, two{small_network(2, batch_size)};
    two.use({"cpu", "cpu"});
    t.train(one);
    t.train(two);
    CHECK(last(two, "loss") == doctest::Approx(last(one, "loss")).epsilon(1e-4));
  }
}

TEST_CASE("a learning rate that is far too high gives a loss that is not a number, not a crash") {
  const auto t = loaded(160);
  auto c = small_network(1);
  c["lr"] = 1e12;
  fake_trial run{c};
  t.train(run);
  CHECK(!std::isfinite(last(run, "loss")));
}

TEST_CASE("a checkpoint of another network is refused by name") {
  const auto t = loaded(80);
  fake_trial small{small_network(1)};
  t.train(small);
  auto c = small_network(2);
  c["l1"] = 32;
  fake_trial large{c};
  large.resume(small);
  CHECK_THROWS_WITH_AS(t.train(large), doctest::Contains("fc1.weight"), std::runtime_error);
}

TEST_CASE("too few images, or images that do not exist, are refused") {
  CHECK_THROWS_AS(loaded(1), data_error);
  run_context context;
  context.options = {{"data", "imagenet"}};
  CHECK_THROWS_WITH_AS(cifar10().load(context), doctest::Contains("imagenet"), data_error);
}

TEST_CASE("cifar10 says what it takes and gives") {
  const auto t = cifar10();
  CHECK(t.name == "cifar10");
  CHECK(t.metrics == std::vector<std::string>{"loss", "accuracy"});
  CHECK(t.checkpoints);
  const auto needed =
      std::ranges::count_if(t.parameters, [](const auto& p) { return !p.fallback; });
  CHECK(needed == 4);
}
