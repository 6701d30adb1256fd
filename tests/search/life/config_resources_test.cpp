#include "search/life/config_resources.hpp"
#include "search/life/resource_ledger.hpp"
#include "search/machine_kit.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

study by_config(amounts_by_config amounts) {
  auto s = small_study();
  s.per_config = std::move(amounts);
  return s;
}

std::string problem_of(const study& s, const config& c) {
  try {
    resources_for(s, c);
    return {};
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("what a trial needs may follow from its configuration") {
  auto s = by_config({{"cpu", {"2 * layers"}}, {"license", {"big and 1 or 0"}}});
  s.per_trial.memory_gb = 3;
  s.per_trial.custom["seat"] = 2;
  const auto needs = resources_for(s, {{"layers", 2}, {"big", true}});
  CHECK(needs == resources{4, 0, 3, {{"license", 1}, {"seat", 2}}});
  CHECK(resources_for(s, {{"layers", 1}, {"big", false}}).custom.at("license") == 0);
}

TEST_CASE("what comes to no amount is said by its key, its expression and what it came to") {
  CHECK(problem_of(by_config({{"cpu", {"x"}}}), {{"x", "two"}}) ==
        R"(resources/cpu: "x" is no number but the text "two")");
  CHECK(problem_of(by_config({{"cpu", {"-x"}}}), {{"x", 2}}) ==
        R"(resources/cpu: "-x" is -2, and must be from 0 to 1000000)");
  CHECK(problem_of(by_config({{"cpu", {"0 / x"}}}), {{"x", 0}}).starts_with("resources/cpu: "));
  CHECK(problem_of(by_config({{"gpu", {"x"}}}), {{"x", 1.5}}) ==
        R"(resources/gpu: "x" is 1.5, and more than one GPU must be a whole number)");
  CHECK(problem_of(by_config({{"cpu", {"x + y"}}}), {{"x", 1}}).starts_with("resources/cpu: "));
  CHECK(problem_of(by_config({{"cpu", {"0"}}}), {}) ==
        "resources: a trial needs some CPU or GPU, and this one has none");
}

TEST_CASE("a parameter that is absent is nil, and what would be counted as none is no amount") {
  auto s = by_config({{"cpu", {"m and 1 or 2"}}});
  s.space.add("m", uniform{0, 1}, {{"c", {"b"}}});
  s.space.add("opt/k", uniform{0, 1}, {{"c", {"b"}}});
  s.space.add("c", choice{{"a", "b"}});
  CHECK(resources_for(s, {{"c", "a"}}).cpu == 2);
  CHECK(resources_for(s, {{"c", "b"}, {"m", 0.5}}).cpu == 1);
  s.per_config = {{"cpu", {"opt.k and 1 or 3"}}};
  CHECK(resources_for(s, {{"c", "a"}}).cpu == 3);
  CHECK(problem_of(by_config({{"cpu", {"1e-9"}}}), {}).ends_with("must be 0 or at least 0.0001"));
}

TEST_CASE("custom amounts are counted, exactly, and what is not named is not there") {
  resource_ledger ledger{{.cpus = 100, .custom = {{"license", 1}, {"seat", 0.3}}}};
  const resources seat{.cpu = 1, .custom = {{"seat", 0.1}}};
  CHECK(ledger.most_at_once(seat) == 3);
  const auto one = ledger.grant({.cpu = 1, .custom = {{"license", 1}}});
  REQUIRE(one);
  CHECK_FALSE(ledger.grant({.cpu = 1, .custom = {{"license", 0.0001}}}));
  CHECK(ledger.grant({.cpu = 1, .custom = {{"license", 0}}}));
  for (int i = 0; i < 3; ++i)
    CHECK(ledger.grant(seat));
  CHECK_FALSE(ledger.grant(seat));
  ledger.release(one->id);
  CHECK(ledger.grant({.cpu = 1, .custom = {{"license", 1}}}));
  CHECK(ledger.why_never({.cpu = 1, .custom = {{"license", 2}}}) ==
        R"(a trial needs 2 of "license", and there is 1)");
  CHECK(ledger.why_never({.cpu = 1, .custom = {{"lisence", 1}}}) ==
        R"(a trial needs 1 of "lisence", and there are 0)");
  CHECK_THROWS_AS((resource_ledger{{.cpus = 1, .custom = {{"seat", -1}}}}), std::invalid_argument);
}

TEST_CASE("a trial that takes over another's configuration needs what that needs") {
  bench b{by_config({{"cpu", {"x < 0.5 and 1 or 2"}}})};
  const auto n = b.run(), donor = b.run();
  const auto before = b.machine.request_of(n).cpu;
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(n, {{"loss", 0.9}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  const double x = before == 1 ? 0.75 : 0.25;
  CHECK(b.machine.take_over({n, donor, {{"x", x}}}, b.tick()));
  CHECK(b.machine.request_of(n).cpu == 3 - before);
  CHECK(b.machine.least_request().cpu == 1);
}

TEST_CASE("a study that goes on with other amounts gives them to the trials that are there") {
  bench b{by_config({{"cpu", {"2"}}})};
  const auto n = b.run();
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  b.leave(n);
  auto limits = limits_of(b.machine.subject());
  limits.per_config = {{"cpu", {"3"}}};
  b.machine.resume(limits, false, b.tick());
  CHECK(b.machine.request_of(n).cpu == 3);
  limits.per_config = {};
  b.machine.resume(limits, false, b.tick());
  CHECK(b.machine.request_of(n) == b.machine.subject().per_trial);
}

TEST_CASE("checkpoints may be kept by another metric than the study's") {
  auto s = small_study();
  s.keep_by = objective{"accuracy", direction::max};
  bench b{s};
  const auto n = b.run();
  b.report(n, {{"loss", 0.1}, {"accuracy", 0.5}}, true);
  b.report(n, {{"loss", 0.2}, {"accuracy", 0.9}}, true);
  b.report(n, {{"loss", 0.3}}, true); // the worst: it does not say
  b.report(n, {{"loss", 0.4}, {"accuracy", 0.7}}, true);
  CHECK(b.machine.checkpoints_of(n) == std::vector{1, 3});
  CHECK(b.summary(n).best_checkpoint == 1);
}
