#include "train_step/bare_loop.hpp"

#include "model/lenet.hpp"
#include "thread_cpu.hpp"

#include <troupe/images.hpp>
#include <troupe/torch.hpp>

#include <ATen/ops/cross_entropy_loss.h>

#include <numeric>

double bare_seconds_per_step(int batch_size, int images, int warm_up, int steps) {
  using namespace troupe;
  const image_request request{.kind = "synthetic",
                              .train_images = static_cast<std::size_t>(images)};
  shared_images set{load_images(request, [](std::string_view) {}).train};
  std::vector<std::int64_t> order(set.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});

  const auto net = std::make_shared<lenet>(120, 84);
  reset_parameters(*net, generator(1));
  sgd optimizer{*net, {.lr = 0.001, .momentum = 0.9, .weight_decay = 5e-5}};
  image_batches batches{set.on(c10::Device{"cpu"}), shuffled(order, 1, 0), batch_size};
  double begin = 0;
  for (int step = 0; step < warm_up + steps && batches.next(); ++step) {
    if (step == warm_up) begin = thread_cpu_s();
    optimizer.zero_grad();
    at::cross_entropy_loss(net->forward(batches.images()), batches.labels()).backward();
    optimizer.step();
  }
  return (thread_cpu_s() - begin) / steps;
}
