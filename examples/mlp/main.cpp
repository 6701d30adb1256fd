// A network of your own under Troupe: a multilayer perceptron that learns to tell the points of two
// spirals apart. Run it as
//
//     mlp run study.json

#include <troupe/cli.hpp>
#include <troupe/torch.hpp>

#include <torch/torch.h>

struct network : torch::nn::Module {
  explicit network(int width)
      : hidden1{register_module("hidden1", torch::nn::Linear{2, width})},
        hidden2{register_module("hidden2", torch::nn::Linear{width, width})},
        output{register_module("output", torch::nn::Linear{width, 2})} {}

  torch::Tensor forward(torch::Tensor x) {
    return output(torch::tanh(hidden2(torch::tanh(hidden1(x)))));
  }

  torch::nn::Linear hidden1, hidden2, output;
};

struct points {
  torch::Tensor x, label;
};

// Two arms, one opposite the other, with some noise.
points spirals(std::int64_t count, std::uint64_t seed) {
  auto random = troupe::generator(seed);
  const auto label = torch::randint(2, {count}, random, torch::kLong);
  const auto radius = torch::rand({count}, random);
  const auto angle = 6 * radius + M_PI * label;
  const auto arms = torch::stack({radius * angle.cos(), radius * angle.sin()}, 1);
  return {arms + 0.02 * torch::randn({count, 2}, random), label};
}

// What Troupe calls for every trial, on a thread of its own.
void train(troupe::trial& t) {
  const troupe::device_scope scope{t};
  network net{t.param<int>("width")};
  troupe::reset_parameters(net, troupe::generator(t.seed("weights")));
  net.to(scope.device());
  troupe::sgd optimizer{net,
                        {.lr = t.param<double>("lr"), .momentum = t.param<double>("momentum")}};
  if (t.last_checkpoint()) troupe::restore(net, optimizer, t.last_checkpoint());

  const auto known = spirals(1000, 1), unseen = spirals(500, 2);
  const auto x = known.x.to(scope.device()), label = known.label.to(scope.device());
  for (int epoch = t.iteration(); epoch < 20; ++epoch) {
    for (int step = 0; step < 50; ++step) {
      if (t.stopping()) return;
      optimizer.zero_grad();
      torch::nn::functional::cross_entropy(net.forward(x), label).backward();
      optimizer.step();
    }
    const torch::NoGradGuard no_grad;
    const auto guess = net.forward(unseen.x.to(scope.device())).cpu();
    const auto loss = torch::nn::functional::cross_entropy(guess, unseen.label).item<double>();
    const auto accuracy = guess.argmax(1).eq(unseen.label).to(torch::kDouble).mean().item<double>();
    if (!t.report({{"loss", loss}, {"accuracy", accuracy}}, troupe::to_checkpoint(net, optimizer)))
      return;
  }
}

int main(int argc, char** argv) {
  return troupe::cli_main(argc, argv, troupe::registry{}.add("mlp", train));
}
