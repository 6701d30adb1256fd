#include "search/scheduler_kit.hpp"
#include "search/schedulers/resource_changing.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

study sharing(std::string_view options = "{}", double cpus = 8) {
  auto s = scheduled_study("resource_changing", options);
  s.cpus = cpus;
  return s;
}

/// Returns the CPUs that trial `n` goes on with after a report, 0 if nothing changes; it is chosen
/// again.
double cpus_after(scheduler_driver& s, trial_number n, double time = 1, double value = 1) {
  const auto d = s->reported(n, {time, value});
  if (d.verdict == verdict::proceed) return 0;
  REQUIRE(d.verdict == verdict::pause);
  REQUIRE(d.resizes.size() == 1);
  CHECK(d.resizes[0].trial == n);
  CHECK(s->choose() == n);
  return d.resizes[0].request.cpu;
}

} // namespace

TEST_CASE("free units go to whoever asks first, but not more than a fair share") {
  const resource_shares shares{{8, 0, 0}, {1, 0, 0}, {1, 0, 0}};
  CHECK(shares.fair_units(4, 0, 0) == 1);
  CHECK(shares.fair_units(4, 0, 4) == 0);
  CHECK(shares.fair_units(3, 0, 0) == 2); // 5 units in turn: 2, 2, 1
  CHECK(shares.fair_units(3, 0, 4) == 1);
  CHECK(shares.fair_units(1, 1, 1) == 7);
  CHECK(shares.fair_units(8, 3, 3) == 0);
  CHECK(shares.fair_units(20, 3, 3) == 0); // more trials than there is room for
  CHECK(shares.fair_units(6, 3, 3) == 1);  // gives back
  CHECK(shares.amount(3) == resources{4, 0, 0});
}

TEST_CASE("a unit of several things is as large as the scarcest allows") {
  const resource_shares shares{{16, 4, 0}, {1, 1, 2}, {2, 1, 0}, 2};
  CHECK(shares.fair_units(1, 0, 0) == 2); // no more than that
  CHECK(shares.fair_units(2, 0, 0) == 1);
  CHECK(shares.fair_units(2, 0, 2) == 0);
  CHECK(shares.amount(1) == resources{3, 2, 2});
}

TEST_CASE("amounts below a whole are exact") {
  const resource_shares shares{{1, 0, 0}, {0.1, 0, 0}, {0.1, 0, 0}};
  CHECK(shares.fair_units(1, 0, 0) == 9);
  CHECK(shares.amount(9).cpu == 1.0);
}

TEST_CASE("trials get what others leave, as in Ray Tune") {
  scheduler_driver s{sharing()};
  for (trial_number n = 0; n < 4; ++n)
    s.start(n);
  CHECK(cpus_after(s, 0) == 2);
  CHECK(cpus_after(s, 1) == 2);
  CHECK(cpus_after(s, 1, 2) == 0);
  s.complete(3, 1, 1);
  CHECK(cpus_after(s, 0, 3) == 3);
  s.complete(2, 1, 1);
  CHECK(cpus_after(s, 0, 4) == 4);
  s.complete(1, 1, 1);
  CHECK(cpus_after(s, 0, 5) == 8);
}

TEST_CASE("a trial gives back what newcomers need") {
  scheduler_driver s{sharing()};
  s.start(0);
  CHECK(cpus_after(s, 0) == 8);
  s->added(1);
  const auto d = s->reported(0, {2, 1});
  REQUIRE(d.resizes.size() == 1);
  CHECK(d.resizes[0].request.cpu == 4);
  CHECK(s->choose() == 1u); // pending ones come first
  CHECK(s->choose() == 0u);
}

TEST_CASE("the wrapped scheduler decides who stops") {
  scheduler_driver s{
      sharing(R"({"base": {"name": "asha", "max_t": 10, "reduction_factor": 2}})", 2)};
  s.start(0);
  s.start(1);
  CHECK(s.report(0, 1, 5) == verdict::proceed);
  CHECK(s.report(1, 1, 3) == verdict::stop);
  s.complete(1, 1, 3);
  CHECK(cpus_after(s, 0, 2) == 2);
}

TEST_CASE("a trial that did not pause has what it had, and is asked again") {
  scheduler_driver s{sharing("{}", 3)};
  s.start(0);
  s.start(1);
  CHECK(s->reported(0, {1, 1}).resizes.size() == 1);
  CHECK(s->reported(1, {1, 1}).resizes.empty()); // promised to 0
  CHECK(s->reported(0, {2, 1}).resizes.size() == 1);
}

TEST_CASE("a trial that failed comes back with what it had") {
  scheduler_driver s{sharing("{}", 4)};
  s.start(0);
  CHECK(cpus_after(s, 0) == 4);
  s->failed(0);
  s.start(1);
  CHECK(cpus_after(s, 1) == 4);
  s->added(0);
  CHECK(s->choose() == 0u);
  const auto less = s->aftermath(); // 1 has all that it had
  REQUIRE(less.size() == 1);
  REQUIRE(less[0].resizes.size() == 1);
  CHECK(less[0].resizes[0].trial == 0);
  CHECK(less[0].resizes[0].request.cpu == 1);
  CHECK(cpus_after(s, 1) == 2);
  CHECK(cpus_after(s, 0) == 2);
}

TEST_CASE("a trial that waits for more gets less if others have come meanwhile") {
  scheduler_driver s{sharing("{}", 4)};
  s.start(0);
  CHECK(s->reported(0, {1, 1}).resizes.at(0).request.cpu == 4);
  s->added(1);
  s->added(2);
  CHECK(s->choose() == 1u);
  CHECK(s->choose() == 2u);
  CHECK(s->aftermath().empty());
  CHECK(s->choose() == 0u);
  const auto less = s->aftermath();
  REQUIRE(less.size() == 1);
  CHECK(less[0].resizes.at(0).request.cpu == 2);
}

TEST_CASE("options that cannot be are refused by name") {
  const auto refusal = [](std::string_view options, double gpu = 0) -> std::string {
    auto s = sharing(options);
    s.per_trial.gpu = gpu;
    try {
      make_scheduler(s);
      return {};
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
  };
  CHECK(refusal("{}").empty());
  CHECK(refusal("{}", 1).starts_with("resource_changing: base cannot be given more: the study"));
  CHECK(refusal(R"({"increase_by": {}})") ==
        "resource_changing: increase_by: must be more than nothing");
  CHECK(refusal(R"({"increase_by": {"tpu": 1}})")
            .starts_with("resource_changing: increase_by/tpu: unknown key"));
  CHECK(refusal(R"({"increase_by_times": 0})")
            .starts_with("resource_changing: increase_by_times: must be -1 or a whole number"));
  CHECK(refusal(R"({"base": "asha"})").starts_with("resource_changing: base: must be an object"));
  CHECK(refusal(R"({"base": {"name": "asha", "max_t": 0}})")
            .starts_with("resource_changing: base/max_t: must be"));
}

TEST_CASE("amounts that cannot be counted are refused, whoever says them") {
  for (const double wrong : {-1.0, 1e7, 7.8e19, std::nan("")}) {
    CAPTURE(wrong);
    study s;
    s.metric = "loss";
    s.scheduler = {"resource_changing", {{"base", {{"name", "fifo"}}}}};
    s.cpus = wrong;
    CHECK_THROWS_AS(make_scheduler(s), std::invalid_argument);
    s.cpus = 4;
    s.per_trial.cpu = wrong;
    CHECK_THROWS_AS(make_scheduler(s), std::invalid_argument);
  }
}
