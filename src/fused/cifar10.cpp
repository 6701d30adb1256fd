#include "fused/cifar10.hpp"

#include "data/image_task.hpp"
#include "fused/image_feed.hpp"
#include "trainables/cifar10.hpp"

#include <troupe/fused.hpp>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

namespace troupe {

namespace {

constexpr std::size_t images_at_a_time = 64; ///< When a network is judged.

/// The network of model/lenet.hpp, whose checkpoints it shares.
fused::network make_network(const config& c, std::uint64_t seed, int threads) {
  using namespace fused;
  return network{image{image_set::channels, image_set::height, image_set::width},
                 {{"conv1", conv2d{6, 5}},
                  relu{},
                  max_pool2d{2},
                  {"conv2", conv2d{16, 5}},
                  relu{},
                  max_pool2d{2},
                  flatten{},
                  {"fc1", linear{param<std::int64_t>(c, "l1")}},
                  relu{},
                  {"fc2", linear{param<std::int64_t>(c, "l2")}},
                  relu{},
                  {"fc3", linear{10}}},
                 seed,
                 threads};
}

/// Judges a network, unless `stopping` comes true meanwhile.
template <class Stopping>
std::optional<score> judge(fused::network& net, const image_set& images,
                           std::vector<std::int64_t> order, std::size_t batch_size,
                           Stopping stopping) {
  const auto total = static_cast<double>(order.size());
  image_feed feed{images, std::move(order), images_at_a_time};
  std::vector<float> losses;
  double correct = 0;
  while (feed.next()) {
    if (stopping()) return {};
    auto logits = net.predict(feed.images());
    for (const auto label : feed.labels()) {
      const auto one = logits.first(net.outputs());
      losses.push_back(
          static_cast<float>(fused::cross_entropy(one, static_cast<std::size_t>(label))));
      correct += std::ranges::max_element(one) - one.begin() == label;
      logits = logits.subspan(net.outputs());
    }
  }
  return score{mean_of_batch_means(losses, batch_size), correct / total};
}

void train(trial& t, const image_task& task) {
  auto net = make_network(t.config(), t.seed("weights"), t.threads());
  fused::trainer training{
      net, fused::sgd{.lr = t.param<double>("lr"), .momentum = 0.9, .weight_decay = 5e-5}};
  if (t.last_checkpoint()) training.restore(t.last_checkpoint());

  const auto batch_size = t.param<std::size_t>("batch_size");
  const auto shuffle_seed = t.seed("shuffle");
  for (int epoch = t.iteration(); epoch < epochs_of(t.config()); ++epoch) {
    image_feed feed{task.train,
                    shuffled(task.split.train, shuffle_seed, static_cast<std::uint64_t>(epoch)),
                    batch_size};
    while (feed.next()) {
      if (t.stopping()) return;
      training.step(feed.images(), feed.labels());
      t.progress(feed.fraction());
    }
    const auto validation =
        judge(net, task.train, task.split.validation, batch_size, [&t] { return t.stopping(); });
    if (!validation) return;
    if (!t.report({{"loss", validation->loss}, {"accuracy", validation->accuracy}},
                  training.save()))
      return;
  }
}

metrics test(const config& c, const checkpoint& best, const image_task& task, int threads) {
  auto net = make_network(c, 0, threads);
  net.restore(best);
  std::vector<std::int64_t> all(task.test.size());
  std::iota(all.begin(), all.end(), std::int64_t{0});
  const auto result = judge(net, task.test, std::move(all), param<std::size_t>(c, "batch_size"),
                            [] { return false; });
  return {{"accuracy", result->accuracy}};
}

} // namespace

trainable fused_cifar10() {
  struct loaded {
    image_task task;
    int threads;
  };
  // Filled by load, before any trial runs.
  const auto shared = std::make_shared<loaded>();
  auto t = describe_cifar10();
  t.load = [shared](const run_context& context) {
    *shared = {load_image_task(context), context.threads};
  };
  t.train = [shared](trial& one) { train(one, shared->task); };
  t.test = [shared](const config& c, const checkpoint& best) {
    return test(c, best, shared->task, shared->threads);
  };
  return t;
}

} // namespace troupe
