#include "trainables/cifar10.hpp"
#include "trainables/late_trainable.hpp"

#include <troupe/errors.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using namespace troupe;

namespace {

/// Counts how often it is opened, and says what is called.
struct stage {
  int opened = 0;
  std::vector<std::string> calls;

  trainable late() {
    return late_trainable(describe_cifar10(), [this](const run_context&) {
      ++opened;
      trainable t;
      t.train = [this](trial&) { calls.push_back("train"); };
      t.load = [this](const run_context& c) { calls.push_back("load " + c.device); };
      t.test = [this](const config& c, const checkpoint&) {
        calls.push_back("test");
        return metrics{{"accuracy", param<double>(c, "lr")}};
      };
      return t;
    });
  }
};

} // namespace

TEST_CASE("what is described is known without opening anything") {
  stage s;
  const auto t = s.late();
  CHECK(t.name == "cifar10");
  CHECK(t.parameters.size() == 5);
  CHECK(t.options.size() == 3);
  CHECK(t.metrics == std::vector<std::string>{"loss", "accuracy"});
  CHECK(t.checkpoints);
  CHECK(s.opened == 0);
}

TEST_CASE("the functions are those that were opened last") {
  stage s;
  const auto t = s.late();
  t.load({});
  t.load({});
  CHECK(t.test({{"lr", 0.5}}, {}) == metrics{{"accuracy", 0.5}});
  CHECK(s.opened == 2);
  CHECK(s.calls == std::vector<std::string>{"load cpu", "load cpu", "test"});
}

TEST_CASE("a copy has what the other has opened") {
  stage s;
  const auto t = s.late();
  const auto copy = t;
  t.load({});
  CHECK(copy.test({{"lr", 0.5}}, {}) == metrics{{"accuracy", 0.5}});
  CHECK(s.opened == 1);
}

TEST_CASE("each study opens for itself, for it may name another engine") {
  std::vector<std::string> engines;
  const auto t = late_trainable(describe_cifar10(), [&](const run_context& run) {
    engines.push_back(run.engine);
    trainable opened;
    opened.load = [](const run_context&) {};
    return opened;
  });
  for (const auto* engine : {"fused", "eager"}) {
    run_context run;
    run.engine = engine;
    t.load(run);
  }
  CHECK(engines == std::vector<std::string>{"fused", "eager"});
}

TEST_CASE("what cannot be opened is tried again when another study loads") {
  int tries = 0;
  const auto t = late_trainable(describe_cifar10(), [&](const run_context&) -> trainable {
    ++tries;
    throw resource_error{"not there"};
  });
  CHECK_THROWS_WITH_AS(t.load({}), "not there", resource_error);
  CHECK_THROWS_AS(t.load({}), resource_error);
  CHECK(tries == 2);
}
