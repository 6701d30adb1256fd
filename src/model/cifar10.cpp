#include "fused/cifar10.hpp"

#include "data/image_task.hpp"
#include "model/evaluate.hpp"
#include "model/lenet.hpp"
#include "trainables/cifar10.hpp"
#include "trainables/late_trainable.hpp"

#include <troupe/cifar10.hpp>
#include <troupe/images.hpp>
#include <troupe/torch.hpp>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/cross_entropy_loss.h>

#include <memory>
#include <numeric>

namespace troupe {

namespace {

/// What all trials of a run share.
struct task {
  task(image_task images, c10::Device device)
      : split{std::move(images.split)},
        train_images{std::move(images.train)},
        test_images{std::move(images.test)},
        test_device{device} {}

  image_split split; ///< Of train_images.
  shared_images train_images, test_images;
  c10::Device test_device;
};

std::shared_ptr<lenet> make_network(const config& c) {
  return std::make_shared<lenet>(param<std::int64_t>(c, "l1"), param<std::int64_t>(c, "l2"));
}

void train(trial& t, task& shared) {
  const device_scope scope{t};
  const auto net = make_network(t.config());
  reset_parameters(*net, generator(t.seed("weights")));
  net->to(scope.device());
  data_parallel<lenet> forward{net, scope.devices(), [&] { return make_network(t.config()); }};
  sgd optimizer{*net, {.lr = t.param<double>("lr"), .momentum = 0.9, .weight_decay = 5e-5}};
  if (t.last_checkpoint()) restore(*net, optimizer, t.last_checkpoint());

  const auto& images = shared.train_images.on(scope.device());
  const auto batch_size = t.param<std::int64_t>("batch_size");
  const auto shuffle_seed = t.seed("shuffle");
  for (int epoch = t.iteration(); epoch < epochs_of(t.config()); ++epoch) {
    net->train();
    image_batches batches{images, shuffled(shared.split.train, shuffle_seed, epoch), batch_size};
    while (batches.next()) {
      if (t.stopping()) return;
      optimizer.zero_grad();
      at::cross_entropy_loss(forward(batches.images()), batches.labels()).backward();
      optimizer.step();
      t.progress(batches.fraction());
    }
    const auto validation =
        evaluate(*net, images, shared.split.validation, batch_size, [&t] { return t.stopping(); });
    if (!validation) return;
    if (!t.report({{"loss", validation->loss}, {"accuracy", validation->accuracy}},
                  to_checkpoint(*net, optimizer)))
      return;
  }
}

metrics test(const config& c, const checkpoint& best, task& shared) {
  const auto net = make_network(c);
  net->to(shared.test_device);
  restore(*net, best);
  std::vector<std::int64_t> all(shared.test_images.size());
  std::iota(all.begin(), all.end(), std::int64_t{0});
  const auto result = evaluate(*net, shared.test_images.on(shared.test_device), std::move(all),
                               param<std::int64_t>(c, "batch_size"), [] { return false; });
  return {{"accuracy", result->accuracy}};
}

/// Makes the GPU give the same numbers every time, as far as its libraries can.
void prepare_cuda() {
  load_cuda();
  auto& context = at::globalContext();
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
  context.setAllowTF32CuDNN(false);
}

std::shared_ptr<task> load(const run_context& context) {
  // New threads start with the number of libtorch's threads that was set first.
  at::set_num_threads(1);
  const c10::Device device{context.device};
  if (device.is_cuda()) prepare_cuda();
  return std::make_shared<task>(load_image_task(context), device);
}

trainable eager_cifar10() {
  // Filled by load, before any trial runs.
  const auto shared = std::make_shared<std::shared_ptr<task>>();
  auto t = describe_cifar10();
  t.load = [shared](const run_context& context) { *shared = load(context); };
  t.train = [shared](trial& one) { train(one, **shared); };
  t.test = [shared](const config& c, const checkpoint& best) { return test(c, best, **shared); };
  return t;
}

} // namespace

trainable cifar10() {
  return late_trainable(describe_cifar10(), [](const run_context& run) {
    return run.engine == "fused" ? fused_cifar10() : eager_cifar10();
  });
}

} // namespace troupe
