// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/state_kit.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <doctest/doctest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/rnn.h>

#include <cmath>

namespace {

using namespace troupe;
using namespace torch::nn;

Sequential every_kind() {
  return Sequential{Linear{9, 4},
                    Conv1d{Conv1dOptions{2, 3, 5}},
                    Conv3d{Conv3dOptions{2, 3, 2}},
                    ConvTranspose1d{ConvTranspose1dOptions{4, 2, 3}},
                    ConvTranspose2d{ConvTranspose2dOptions{4, 2, 3}},
                    ConvTranspose3d{ConvTranspose3dOptions{4, 2, 3}},
                    Embedding{EmbeddingOptions{50, 20}.padding_idx(3)},
                    RNN{RNNOptions{3, 16}.num_layers(2)},
                    LSTM{LSTMOptions{3, 16}.bidirectional(true)},
                    GRU{GRUOptions{3, 16}}};
}

} // namespace

DOCTEST_TEST_CASE("the weights of every layer depend on the seed alone, and all are drawn") {
  auto one = every_kind(), other = every_kind(), third = every_kind();
  reset_parameters(*one, generator(1));
  reset_parameters(*other, generator(1));
  DOCTEST_CHECK(same(*one, *other));
  reset_parameters(*third, generator(2));
  const auto of_one = one->named_parameters(), of_third = third->named_parameters();
  for (const auto& parameter : of_one) {
    DOCTEST_CAPTURE(parameter.key());
    DOCTEST_CHECK(!parameter->equal(of_third[parameter.key()]));
  }
}

DOCTEST_TEST_CASE("every layer follows libtorch's law") {
  auto shared = at::detail::getDefaultCPUGenerator();
  shared.set_current_seed(5);
  auto fresh = every_kind(), drawn = every_kind();
  reset_parameters(*drawn, generator(1));
  const auto expected = fresh->named_parameters(), found = drawn->named_parameters();
  for (const auto& parameter : expected) {
    DOCTEST_CAPTURE(parameter.key());
    // Both are samples of one law: few numbers say its size roughly, many well.
    const auto size = static_cast<double>(parameter->numel());
    const auto largest = parameter->abs().max().item<double>();
    DOCTEST_CHECK(found[parameter.key()].abs().max().item<double>() ==
                  doctest::Approx(largest).epsilon(size < 30 ? 0.8 : 0.35));
  }
  DOCTEST_CHECK(found["6.weight"][3].abs().max().item<double>() == 0); // The padding.
  DOCTEST_CHECK(found["6.weight"].std().item<double>() == doctest::Approx(1).epsilon(0.1));
  for (const auto* name : {"7.weight_ih_l1", "8.weight_hh_l0_reverse", "9.bias_ih_l0"})
    DOCTEST_CHECK(found[name].abs().max().item<double>() <= 1 / std::sqrt(16.0));
}
