// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/fake_trial.hpp"
#include "model/lenet.hpp"

#include <troupe/errors.hpp>
#include <troupe/torch.hpp>

#include <ATen/Parallel.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <doctest/doctest.h>

#include <thread>

namespace {

using namespace troupe;

std::shared_ptr<lenet> seeded_net() {
  auto net = std::make_shared<lenet>(16, 8);
  reset_parameters(*net, generator(1));
  return net;
}

/// Returns the gradients of one batch of `size` images, computed on `parts` devices, twice over so
/// that a second step is seen too.
std::vector<at::Tensor> gradients(std::size_t parts, std::int64_t size) {
  const auto net = seeded_net();
  data_parallel<lenet> forward{net, std::vector<c10::Device>(parts, c10::Device{"cpu"}),
                               [] { return std::make_shared<lenet>(16, 8); }};
  sgd optimizer{*net, {.lr = 0.1, .momentum = 0.9}};
  auto random = generator(2);
  for (int step = 0; step < 2; ++step) {
    const auto images = at::rand({size, 3, 32, 32}, random);
    const auto labels = at::randint(10, {size}, random, at::TensorOptions{at::kLong});
    optimizer.zero_grad();
    const auto logits = forward(images);
    DOCTEST_CHECK(logits.sizes() == at::IntArrayRef{size, 10});
    at::cross_entropy_loss(logits, labels).backward();
    if (step == 0) optimizer.step();
  }
  std::vector<at::Tensor> all;
  for (const auto& p : net->parameters())
    all.push_back(p.grad());
  return all;
}

} // namespace

DOCTEST_TEST_CASE("gradients from several devices equal those from one") {
  for (const std::int64_t size : {1, 2, 5, 16}) {
    const auto one = gradients(1, size);
    for (const std::size_t parts : {2, 3}) {
      DOCTEST_CAPTURE(size);
      DOCTEST_CAPTURE(parts);
      const auto several = gradients(parts, size);
      for (std::size_t i = 0; i < one.size(); ++i) {
        DOCTEST_CHECK(one[i].abs().max().item<float>() > 1e-5);
        DOCTEST_CHECK((one[i] - several[i]).abs().max().item<float>() < 1e-6);
      }
    }
  }
}

DOCTEST_TEST_CASE("a batch is split into parts that differ by one at most") {
  const auto parts = troupe::detail::split(at::rand({7, 3}), 3);
  DOCTEST_REQUIRE(parts.size() == 3);
  DOCTEST_CHECK(parts[0].size(0) == 3);
  DOCTEST_CHECK(parts[2].size(0) == 2);
  DOCTEST_CHECK(troupe::detail::split(at::rand({2, 3}), 3).size() == 2);
}

DOCTEST_TEST_CASE("a scope on the CPU gives the thread the trial's number of threads") {
  std::thread{[] {
    at::set_num_threads(2);
    const fake_trial t{{}};
    const device_scope scope{t};
    DOCTEST_CHECK(scope.device().is_cpu());
    DOCTEST_CHECK(at::get_num_threads() == 1);
  }}.join();
}

DOCTEST_TEST_CASE("CUDA is loaded, or the message says what to do") {
  fake_trial t{{}};
  t.use({"cuda:0"});
  try {
    const device_scope scope{t};
    DOCTEST_CHECK(scope.device().is_cuda());
    DOCTEST_CHECK(at::rand({3}, scope.device()).sum().item<float>() > 0);
  } catch (const resource_error& e) {
    DOCTEST_CHECK(std::string{e.what()}.find("--device cpu") != std::string::npos);
  }
}
