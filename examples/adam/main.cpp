// Training with libtorch as people write it, in a trial that may be interrupted at any time: Adam,
// a learning-rate schedule, batch norm and dropout go on from a checkpoint as if nothing had
// happened, and the losses are the same, bit for bit (docs/training.md). Run it as
//
//     adam run study.json
//
// press Ctrl-C, and let it go on by `adam resume results/adam`.

#include <troupe/cli.hpp>
#include <troupe/torch.hpp>

#include <torch/torch.h>

struct network : torch::nn::Module {
  network(int width, double p, const at::Generator& random)
      : hidden{register_module("hidden", torch::nn::Linear{2, width})},
        norm{register_module("norm", torch::nn::BatchNorm1d{width})},
        drop{register_module("drop", troupe::dropout{p, random})},
        output{register_module("output", torch::nn::Linear{width, 1})} {}

  torch::Tensor forward(const torch::Tensor& x) {
    return output(drop(torch::tanh(norm(hidden(x)))));
  }

  torch::nn::Linear hidden;
  torch::nn::BatchNorm1d norm;
  troupe::dropout drop;
  torch::nn::Linear output;
};

struct points {
  torch::Tensor x, height;
};

// A surface over a square, measured with some noise.
points surface(std::int64_t count, std::uint64_t seed) {
  auto random = troupe::generator(seed);
  const auto x = 2 * torch::rand({count, 2}, random) - 1;
  const auto height = torch::sin(4 * x.narrow(1, 0, 1)) * x.narrow(1, 1, 1);
  return {x, height + 0.05 * torch::randn({count, 1}, random)};
}

// What Troupe calls for every trial, on a thread of its own.
void train(troupe::trial& t) {
  const troupe::device_scope scope{t};
  const auto device = scope.device();
  const auto random = troupe::generator(t.seed("dropout"), device);
  network net{t.param<int>("width"), t.param<double>("dropout"), random};
  troupe::reset_parameters(net, troupe::generator(t.seed("weights")));
  net.to(device);

  torch::optim::Adam optimizer{net.parameters(), t.param<double>("lr")};
  torch::optim::StepLR schedule{optimizer, /*step_size=*/5, /*gamma=*/0.5};
  troupe::training_state state{net, optimizer, schedule, random};
  if (t.last_checkpoint()) state.restore(t.last_checkpoint());

  const auto known = surface(2000, 1), unseen = surface(500, 2);
  const auto x = unseen.x.to(device), height = unseen.height.to(device);
  troupe::tensor_batches batches{
      {known.x, known.height}, {.batch_size = 50, .seed = t.seed("shuffle")}, device};
  for (int epoch = t.iteration(); epoch < 20; ++epoch) {
    net.train();
    batches.start(epoch);
    while (batches.next()) {
      if (t.stopping()) return;
      optimizer.zero_grad();
      torch::mse_loss(net.forward(batches[0]), batches[1]).backward();
      optimizer.step();
      t.progress(batches.fraction());
    }
    schedule.step();

    net.eval();
    const torch::NoGradGuard no_grad;
    const auto loss = torch::mse_loss(net.forward(x), height).item<double>();
    if (!t.report({{"loss", loss}}, state.save())) return;
  }
}

int main(int argc, char** argv) {
  return troupe::cli_main(argc, argv, troupe::registry{}.add("adam", train));
}
