// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/fake_trial.hpp"
#include "model/state_kit.hpp"

#include <doctest/doctest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/optim.h>

namespace {

using namespace troupe;
namespace optim = torch::optim;

/// Interrupts a training after some steps, goes on with a fresh one, which other options have been
/// given to, and compares.
template <class Optimizer, class Options>
void check_that_it_goes_on(Options options, std::uint64_t steps = 4) {
  DOCTEST_CAPTURE(steps);
  training<Optimizer, Options> one{1, options};
  for (std::uint64_t i = 0; i < steps; ++i)
    one.step(i);
  auto other_options = options;
  other_options.lr(99);
  training<Optimizer, Options> other{2, other_options};
  other.step(77);
  other.state.restore(one.state.save());
  DOCTEST_CHECK(same(one.net, other.net));
  for (std::uint64_t i = steps; i < steps + 3; ++i) {
    DOCTEST_CHECK(one.step(i) == other.step(i));
    DOCTEST_CHECK(same(one.net, other.net));
  }
  DOCTEST_CHECK(other.optimizer.param_groups()[0].options().get_lr() == options.lr() / 8);
  DOCTEST_CHECK(other.optimizer.param_groups()[1].options().get_lr() == options.lr());
}

} // namespace

DOCTEST_TEST_CASE("training with SGD goes on bit for bit") {
  check_that_it_goes_on<optim::SGD>(optim::SGDOptions{0.1});
  check_that_it_goes_on<optim::SGD>(optim::SGDOptions{0.1}.momentum(0.9).dampening(0.5));
  check_that_it_goes_on<optim::SGD>(
      optim::SGDOptions{0.1}.momentum(0.9).nesterov(true).weight_decay(0.01));
}

DOCTEST_TEST_CASE("training with Adam goes on bit for bit") {
  check_that_it_goes_on<optim::Adam>(optim::AdamOptions{0.01});
  check_that_it_goes_on<optim::Adam>(
      optim::AdamOptions{0.01}.amsgrad(true).betas({0.8, 0.95}).weight_decay(0.01));
}

DOCTEST_TEST_CASE("training with AdamW goes on bit for bit") {
  check_that_it_goes_on<optim::AdamW>(optim::AdamWOptions{0.01});
  check_that_it_goes_on<optim::AdamW>(optim::AdamWOptions{0.01}.amsgrad(true).eps(1e-6));
}

DOCTEST_TEST_CASE("training with RMSprop goes on bit for bit") {
  check_that_it_goes_on<optim::RMSprop>(optim::RMSpropOptions{0.01});
  check_that_it_goes_on<optim::RMSprop>(
      optim::RMSpropOptions{0.01}.momentum(0.9).centered(true).alpha(0.9).weight_decay(0.01));
}

DOCTEST_TEST_CASE("training with Adagrad goes on bit for bit") {
  check_that_it_goes_on<optim::Adagrad>(optim::AdagradOptions{0.1});
  check_that_it_goes_on<optim::Adagrad>(
      optim::AdagradOptions{0.1}.lr_decay(0.1).initial_accumulator_value(0.5).weight_decay(0.01));
}

DOCTEST_TEST_CASE("training goes on from before the first step") {
  check_that_it_goes_on<optim::SGD>(optim::SGDOptions{0.1}.momentum(0.9), 0);
  check_that_it_goes_on<optim::Adam>(optim::AdamOptions{0.01}, 0);
  check_that_it_goes_on<optim::Adagrad>(optim::AdagradOptions{0.1}, 0);
}

DOCTEST_TEST_CASE("training with Troupe's own optimizer goes on bit for bit") {
  small_net one{1}, other{2};
  sgd first{one, {.lr = 0.1, .momentum = 0.9}}, second{other, {.lr = 0.1, .momentum = 0.9}};
  noisy_step(one, first, 0);
  training_state{other, second}.restore(training_state{one, first}.save());
  for (std::uint64_t i = 1; i < 4; ++i)
    DOCTEST_CHECK(noisy_step(one, first, i) == noisy_step(other, second, i));
  DOCTEST_CHECK(same(one, other));
}

DOCTEST_TEST_CASE("what to_checkpoint has written, a training state reads, and the other way") {
  small_net one{1}, other{2};
  sgd optimizer{one, {.lr = 0.1, .momentum = 0.9}};
  noisy_step(one, optimizer, 0);
  const auto saved = to_checkpoint(one, optimizer);
  const auto again = training_state{one, optimizer}.save();
  for (const auto& blob : again.blobs())
    DOCTEST_CHECK((saved.at(blob.name).bytes == blob.bytes));
  training_state{other}.restore(saved);
  DOCTEST_CHECK(same(one, other));
}

DOCTEST_TEST_CASE("a parameter that never had a gradient has no state, before and after") {
  adam_training one{1, 0.01}, other{2, 0.01};
  one.net.out->weight.requires_grad_(false);
  one.step(0);
  const auto saved = one.state.save();
  const auto tensors = tensors_of(saved, "optimizer.safetensors");
  DOCTEST_CHECK(tensors.contains("state.in.weight.exp_avg"));
  DOCTEST_CHECK(!tensors.contains("state.out.weight.exp_avg"));
  DOCTEST_CHECK(tensors.contains("param_groups.out.weight.lr"));
  other.step(5);
  other.state.restore(saved);
  DOCTEST_CHECK(other.optimizer.state().size() == 4);
}

DOCTEST_TEST_CASE("several modules and optimizers live in one state") {
  small_net actor{1}, critic{2}, actor2{3}, critic2{4};
  optim::Adam all{{actor.parameters(), critic.parameters()}},
      all2{{actor2.parameters(), critic2.parameters()}};
  const auto state_of = [](small_net& a, small_net& c, optim::Adam& o) {
    training_state state{a, o};
    return state.add(c, "critic");
  };
  auto state = state_of(actor, critic, all);
  noisy_step(actor, all, 0);
  noisy_step(critic, all, 1);
  const auto saved = state.save();
  const auto names = tensors_of(saved, "optimizer.safetensors");
  DOCTEST_CHECK(names.contains("state.in.weight.exp_avg"));
  DOCTEST_CHECK(names.contains("state.critic.in.weight.exp_avg"));
  state_of(actor2, critic2, all2).restore(saved);
  DOCTEST_CHECK(same(actor, actor2));
  DOCTEST_CHECK(same(critic, critic2));
  DOCTEST_CHECK(noisy_step(critic, all, 2) == noisy_step(critic2, all2, 2));
}

DOCTEST_TEST_CASE("parameters of no module go by their number, and loose tensors by their name") {
  auto temperature = at::randn({2}, generator(1)).requires_grad_(),
       other = at::randn({2}, generator(2));
  optim::Adam optimizer{{temperature}}, second{{other}};
  training_state state{optimizer}, state2{second};
  state.add(temperature, "temperature");
  state2.add(other, "temperature");
  temperature.square().sum().backward();
  optimizer.step();
  const auto saved = state.save();
  DOCTEST_CHECK(tensors_of(saved, "optimizer.safetensors").contains("state.0.exp_avg"));
  state2.restore(saved);
  DOCTEST_CHECK(other.equal(temperature));
}

DOCTEST_TEST_CASE("a part of a checkpoint can be restored alone") {
  adam_training one{1, 0.1};
  one.step(0);
  small_net other{2};
  training_state{other}.restore(one.state.save());
  DOCTEST_CHECK(same(one.net, other));
}

DOCTEST_TEST_CASE("a learning rate that is set after restoring holds") {
  const fake_trial t{config{{"lr", 0.3}}};
  adam_training one{1, 0.1}, other{2, 0.2};
  other.state.restore(one.state.save());
  auto& optimizer = other.optimizer;
  for (auto& group : optimizer.param_groups())
    group.options().set_lr(t.param<double>("lr"));
  other.step(0);
  DOCTEST_CHECK(optimizer.param_groups()[1].options().get_lr() == 0.3);
}

DOCTEST_TEST_CASE("half-precision weights, frozen statistics and names of lists are kept") {
  const auto make = [](std::uint64_t seed) {
    torch::nn::Sequential net{
        torch::nn::Linear{3, 4},
        torch::nn::BatchNorm1d{torch::nn::BatchNorm1dOptions{4}.track_running_stats(false)}};
    reset_parameters(*net, generator(seed));
    net->to(at::kBFloat16);
    return net;
  };
  auto one = make(1), other = make(2);
  const auto saved = training_state{*one}.save();
  DOCTEST_CHECK(tensors_of(saved, "model.safetensors").at("0.weight").dtype == "BF16");
  training_state{*other}.restore(saved);
  DOCTEST_CHECK(same(*one, *other));
}
