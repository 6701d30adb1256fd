// Population-based training of a ConvNet on MNIST, after Ray Tune's pbt_convnet_function_example:
// every five iterations the worst of the population goes on with the network of the best, and with
// its learning rate and momentum, somewhat changed.
//
//     pbt_convnet run examples/pbt_convnet/study.json
//
// The checkpoints of that go from trial to trial in memory. Each trial's log.txt says where it went
// on, and `troupe events` on the results folder who took over from whom (trial_exploited).
//
// The study asks for Fashion-MNIST, which Debian has (dataset-fashion-mnist). For MNIST itself put
// its four IDX files, gzipped or not, into data/mnist and add --set trainable/data=mnist.

#include "../convnet/convnet.hpp"

#include <troupe/cli.hpp>

constexpr std::size_t images_per_iteration = 512;
constexpr std::int64_t batch_size = 64;

void train(troupe::trial& t, digits& data) {
  const troupe::device_scope scope{t};
  const auto& images = data.train->on(scope.device());
  const auto lr = t.param<double>("lr"), momentum = t.param<double>("momentum");
  convnet net;
  troupe::reset_parameters(net, troupe::generator(t.seed("weights")));
  net.to(scope.device());
  troupe::sgd optimizer{net, {.lr = lr, .momentum = momentum}};
  // Its own after a pause or a failure; another trial's, with other parameters, if that was better.
  if (t.last_checkpoint()) troupe::restore(net, optimizer, t.last_checkpoint());
  t.log("from iteration " + std::to_string(t.iteration()) + " on: lr " + std::to_string(lr) +
        ", momentum " + std::to_string(momentum));

  // For ever: a population ends by the study's `stop`.
  for (auto i = static_cast<std::uint64_t>(t.iteration());; ++i) {
    auto order = troupe::shuffled(data.known, t.seed("shuffle"), i);
    order.resize(std::min(order.size(), images_per_iteration));
    if (!learn(net, optimizer, {images, std::move(order), batch_size}, &t)) return;
    // With a checkpoint each time: what a trial reports without one, no other can take over.
    if (!t.report(judge(net, {images, data.unseen, 1000}), troupe::to_checkpoint(net, optimizer)))
      return;
  }
}

int main(int argc, char** argv) {
  using kind = troupe::parameter::kind;
  const auto data = std::make_shared<digits>();
  return troupe::cli_main(
      argc, argv,
      troupe::registry{}.add(
          on_digits({.name = "pbt_convnet",
                     .help = "a ConvNet on MNIST, whose parameters may change while it learns",
                     .train = [data](troupe::trial& t) { train(t, *data); },
                     .parameters = {{"lr", kind::real, 0, {}, {}, "learning rate"},
                                    {"momentum", kind::real, 0, 1, {}, "of SGD"}}},
                    data)));
}
