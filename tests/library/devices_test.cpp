#include "library/devices.hpp"

#include <doctest/doctest.h>

using namespace troupe;
using indices = std::vector<std::size_t>;
using names = std::vector<std::string>;

namespace {

const capacity machine{.cpus = 8, .gpus = 4};

study with(const resources& per_trial) {
  study s;
  s.scheduler.name = "fifo";
  s.per_trial = per_trial;
  return s;
}

machine_wish wish(study s, std::string_view device = "") {
  const auto plan = plan_devices(s, device, machine);
  return wish_of(s, plan, device, machine);
}

} // namespace

TEST_CASE("a study that says nothing takes all that it finds, and needs what one trial needs") {
  const auto w = wish(with({.cpu = 2, .gpu = 0.5}));
  CHECK(w.least_cpus == 2);
  CHECK(w.most_cpus == 8);
  CHECK(w.gpus == indices{0, 1, 2, 3});
  CHECK(w.least_gpus == 1);
  CHECK(w.most_gpus == 4);
  CHECK(wish(with({.cpu = 1, .gpu = 3})).least_gpus == 3);
}

TEST_CASE("a study that says what it uses needs just that, on whatever GPUs") {
  auto s = with({.cpu = 1, .gpu = 1});
  s.cpus = 2.5;
  s.gpus = 2;
  const auto w = wish(s);
  CHECK(w.least_cpus == 2.5);
  CHECK(w.most_cpus == 2.5);
  CHECK(w.gpus.size() == 4);
  CHECK(w.least_gpus == 2);
  CHECK(w.most_gpus == 2);
}

TEST_CASE("--device says which GPUs may be had") {
  const auto one = wish(with({}), "cuda:2");
  CHECK(one.gpus == indices{2});
  CHECK(one.least_gpus == 1);
  CHECK(one.most_gpus == 1);
  CHECK(wish(with({}), "cuda").least_gpus == 1);
  CHECK(wish(with({.cpu = 1, .gpu = 2}), "cpu").most_gpus == 0);
}

TEST_CASE("what no trial uses is not asked for") {
  CHECK(wish(with({.cpu = 1})).most_gpus == 0);
  const auto w = wish(with({.cpu = 0, .gpu = 1}));
  CHECK(w.least_cpus == 0);
  CHECK(w.most_cpus == 0);
}

TEST_CASE("a study keeps within its share") {
  auto s = with({.cpu = 1, .gpu = 1});
  const auto alone = plan_devices(s, "", machine);
  CHECK(alone.names == names{"cuda:0", "cuda:1", "cuda:2", "cuda:3"});
  const auto plan = plan_within({1.5, {1, 3}}, alone);
  CHECK(plan.total.cpus == 1.5);
  CHECK(plan.total.gpus == 2);
  CHECK(plan.names == names{"cuda:1", "cuda:3"});
}

TEST_CASE("a scheduler that shares out the machine is told of the study's share, others are not") {
  auto s = with({.cpu = 1});
  share_out(s, {.total = {.cpus = 3, .gpus = 0}, .names = {}});
  CHECK_FALSE(s.cpus);
  s.scheduler.name = "resource_changing";
  share_out(s, {.total = {.cpus = 3, .gpus = 0}, .names = {}});
  CHECK(s.cpus == 3);
  CHECK(s.gpus == 0);
}

TEST_CASE("a study whose CPUs follow from configurations wants them all, unless it says how many") {
  auto s = with({.cpu = 0});
  s.per_config = {{"cpu", {"n"}}};
  CHECK(wish_of(s, plan_devices(s, "", machine), "", machine).least_cpus == 8);
  s.cpus = 3;
  CHECK(wish_of(s, plan_devices(s, "", machine), "", machine).least_cpus == 3);
}

TEST_CASE("a network is tested with the study's CPUs, as far as the machine has them") {
  device_plan plan;
  plan.total.cpus = 0.5;
  CHECK(threads_within(plan) == 1);
  plan.total.cpus = 1.9;
  CHECK(threads_within(plan) == 1);
  plan.total.cpus = 1e6;
  CHECK(threads_within(plan) >= 1);
  CHECK(threads_within(plan) <= 10'000);
}
