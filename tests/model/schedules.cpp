// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/state_kit.hpp"

#include <doctest/doctest.h>
#include <torch/optim.h>

#include <cmath>

namespace {

using namespace troupe;
namespace optim = torch::optim;

/// A schedule as users write them: from the number of steps, and the rate that it began with.
class cosine : public optim::LRScheduler {
public:
  cosine(optim::Optimizer& optimizer, int steps)
      : LRScheduler{optimizer},
        first_{get_current_lrs()},
        steps_{steps} {}

private:
  std::vector<double> get_lrs() override {
    auto rates = first_;
    for (auto& rate : rates)
      rate *= (1 + std::cos(M_PI * step_count_ / steps_)) / 2;
    return rates;
  }

  std::vector<double> first_;
  int steps_;
};

/// Trains with a schedule that `make` makes, and goes on in a fresh training.
template <class Make, class Step>
void check_that_it_goes_on(Make make, Step step) {
  small_net one{1}, other{2};
  optim::Adam first{one.parameters(), 0.1}, second{other.parameters(), 0.1};
  auto schedule = make(first), other_schedule = make(second);
  training_state state{one, first, schedule}, other_state{other, second, other_schedule};
  const auto train = [&](auto& net, auto& optimizer, auto& with, std::uint64_t number) {
    const auto loss = noisy_step(net, optimizer, number);
    step(with, number);
    return loss;
  };
  for (std::uint64_t i = 0; i < 5; ++i)
    train(one, first, schedule, i);
  other_state.restore(state.save());
  std::vector<double> rates;
  for (std::uint64_t i = 5; i < 12; ++i) {
    DOCTEST_CHECK(train(one, first, schedule, i) == train(other, second, other_schedule, i));
    rates.push_back(first.param_groups()[0].options().get_lr());
    DOCTEST_CHECK(rates.back() == second.param_groups()[0].options().get_lr());
  }
  DOCTEST_CHECK(rates.front() != rates.back());
}

} // namespace

DOCTEST_TEST_CASE("StepLR goes on where it was") {
  check_that_it_goes_on(
      [](auto& optimizer) {
        return optim::StepLR{optimizer, 3, 0.5};
      },
      [](auto& schedule, std::uint64_t) { schedule.step(); });
}

DOCTEST_TEST_CASE("a schedule of one's own goes on where it was") {
  check_that_it_goes_on(
      [](auto& optimizer) {
        return cosine{optimizer, 20};
      },
      [](auto& schedule, std::uint64_t) { schedule.step(); });
}

DOCTEST_TEST_CASE("ReduceLROnPlateauScheduler goes on where it was") {
  // The best value, and how long ago that was: worse ones come from the fourth step on.
  check_that_it_goes_on(
      [](auto& optimizer) {
        return optim::ReduceLROnPlateauScheduler{optimizer, optim::ReduceLROnPlateauScheduler::min,
                                                 0.5F, /*patience=*/3};
      },
      [](auto& schedule, std::uint64_t number) {
        schedule.step(number < 4 ? 10.F - static_cast<float>(number) : 8.F);
      });
}
