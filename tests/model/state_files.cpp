// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/state_kit.hpp"

#include <doctest/doctest.h>
#include <torch/optim.h>

namespace {

using namespace troupe;
namespace optim = torch::optim;

/// Returns `c` with one file changed.
template <class Change>
checkpoint changed(const checkpoint& c, std::string_view file, Change change) {
  auto tensors = tensors_of(c, file);
  change(tensors);
  std::vector<safetensors::tensor_view> views;
  for (const auto& [name, tensor] : tensors)
    views.push_back(tensor);
  std::vector<blob> blobs(c.blobs().begin(), c.blobs().end());
  for (auto& blob : blobs)
    if (blob.name == file) blob.bytes = safetensors::write(views);
  return checkpoint{std::move(blobs)};
}

/// Checks that a damaged checkpoint is refused with a message, and changes nothing.
template <class Change>
void check_refusal(std::string_view file, Change change, const char* said) {
  adam_training one{1, 0.1}, other{2, 0.1};
  one.step(0);
  const auto damaged = changed(one.state.save(), file, change);
  const auto before = other.state.save();
  DOCTEST_CHECK_THROWS_WITH_AS(other.state.restore(damaged), doctest::Contains(said),
                               std::runtime_error);
  const auto after = other.state.save();
  for (const auto& blob : before.blobs())
    DOCTEST_CHECK((after.at(blob.name).bytes == blob.bytes));
}

} // namespace

DOCTEST_TEST_CASE("files have the names that PyTorch has") {
  adam_training one{1, optim::AdamOptions{0.5}.amsgrad(true)};
  one.step(0);
  const auto saved = one.state.save();
  const auto model = tensors_of(saved, "model.safetensors");
  DOCTEST_CHECK(model.size() == 8);
  for (const auto* name :
       {"in.weight", "in.bias", "norm.running_var", "norm.num_batches_tracked"}) {
    DOCTEST_CAPTURE(name);
    DOCTEST_CHECK(model.contains(name));
  }
  const auto optimizer = tensors_of(saved, "optimizer.safetensors");
  DOCTEST_CHECK(optimizer.size() == 5 * (4 + 5));
  for (const auto* name : {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"})
    DOCTEST_CHECK(optimizer.contains(std::string{"state.norm.weight."} + name));
  for (const auto* name : {"lr", "betas", "eps", "weight_decay", "amsgrad"})
    DOCTEST_CHECK(optimizer.contains(std::string{"param_groups.norm.weight."} + name));
  DOCTEST_CHECK(optimizer.at("state.in.weight.exp_avg").shape == std::vector<std::int64_t>{5, 3});
  DOCTEST_CHECK(optimizer.at("param_groups.in.weight.betas").shape == std::vector<std::int64_t>{2});
}

DOCTEST_TEST_CASE("files of version 0.1 are read, with tensors in the order of the state dict") {
  small_net one{1}, other{2};
  sgd optimizer{one, {.lr = 0.1, .momentum = 0.9}}, second{other, {.lr = 0.1, .momentum = 0.9}};
  noisy_step(one, optimizer, 0);
  std::vector<safetensors::tensor_view> model, momentum;
  const auto put = [](auto& file, const std::string& name, const at::Tensor& tensor) {
    file.push_back({name,
                    tensor.scalar_type() == at::kLong ? "I64" : "F32",
                    tensor.sizes().vec(),
                    {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()}});
  };
  for (const auto& parameter : one.named_parameters())
    put(model, parameter.key(), *parameter);
  for (const auto& buffer : one.named_buffers())
    put(model, buffer.key(), *buffer);
  for (const auto& [name, tensor] : optimizer.momentum())
    put(momentum, "momentum." + name, tensor);
  const checkpoint old{{{"model.safetensors", safetensors::write(model)},
                        {"optimizer.safetensors", safetensors::write(momentum)}}};
  restore(other, second, old);
  DOCTEST_CHECK(same(one, other));
  DOCTEST_CHECK(noisy_step(one, optimizer, 1) == noisy_step(other, second, 1));
}

DOCTEST_TEST_CASE("two parts of one name, and an optimizer that cannot be kept, are refused") {
  small_net net{1};
  DOCTEST_CHECK_THROWS_WITH_AS((training_state{net, net}), doctest::Contains("\"model\""),
                               std::invalid_argument);
  optim::LBFGS optimizer{net.parameters()};
  DOCTEST_CHECK_THROWS_WITH_AS(training_state{optimizer}, doctest::Contains("Adam"),
                               std::invalid_argument);
}

DOCTEST_TEST_CASE("a file that is missing is named") {
  small_net net{1};
  optim::Adam optimizer{net.parameters()};
  DOCTEST_CHECK_THROWS_WITH_AS((training_state{net, optimizer}.restore(training_state{net}.save())),
                               doctest::Contains("optimizer.safetensors"), std::out_of_range);
}

DOCTEST_TEST_CASE("a tensor that is missing, too many, or of another shape or type is named") {
  check_refusal(
      "model.safetensors", [](auto& t) { t.erase("norm.running_mean"); },
      "model.safetensors: tensor \"norm.running_mean\" is missing");
  check_refusal(
      "optimizer.safetensors", [](auto& t) { t.erase("state.in.bias.exp_avg_sq"); },
      "optimizer.safetensors: tensor \"state.in.bias.exp_avg_sq\" is missing");
  check_refusal(
      "optimizer.safetensors", [](auto& t) { t.erase("param_groups.in.bias.eps"); },
      "\"param_groups.in.bias.eps\" is missing");
  const auto rename = [](const char* from, const char* to) {
    return [=](auto& t) {
      auto tensor = t.at(from);
      tensor.name = to;
      t[to] = tensor;
    };
  };
  check_refusal("model.safetensors", rename("in.bias", "in.bios"),
                "\"in.bios\" belongs to nothing");
  check_refusal("optimizer.safetensors", rename("state.in.bias.exp_avg", "state.old.exp_avg"),
                "\"state.old.exp_avg\" belongs to nothing");
  check_refusal(
      "model.safetensors",
      [](auto& t) {
        t.at("in.weight").shape = {3, 5};
      },
      "\"in.weight\" is F32 [3, 5] there, and should be F32 [5, 3]");
  check_refusal(
      "model.safetensors", [](auto& t) { t.at("in.weight").dtype = "I32"; },
      "\"in.weight\" is I32 [5, 3] there, and should be F32 [5, 3]");
  check_refusal(
      "optimizer.safetensors", [](auto& t) { t.at("state.in.weight.exp_avg").shape = {15}; },
      "\"state.in.weight.exp_avg\" is F32 [15] there");
  check_refusal(
      "optimizer.safetensors", [](auto& t) { t.at("param_groups.in.weight.lr").shape = {1}; },
      "\"param_groups.in.weight.lr\" should be a number");
}

DOCTEST_TEST_CASE("other parameter groups than the checkpoint's are noticed") {
  adam_training one{1, 0.1};
  small_net net{2};
  optim::Adam optimizer{net.parameters()};
  DOCTEST_CHECK_THROWS_WITH_AS((training_state{net, optimizer}.restore(one.state.save())),
                               doctest::Contains("the groups differ"), std::runtime_error);
}
