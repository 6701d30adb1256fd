#include "model/fake_trial.hpp"

#include <troupe/command.hpp>
#include <troupe/study.hpp>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

run_context options(const std::string& text) {
  run_context context;
  context.options = boost::json::parse(text).get_object();
  return context;
}

} // namespace

TEST_CASE("an embedding program has commands by adding their trainable") {
  const auto known = registry{}.add(command());
  const auto s = parse_study(
      R"({"metric": "loss", "space": {"x": 3},
          "trainable": {"command": ["echo", "TROUPE {{\"loss\": {x}}}"]}})",
      "s.json", {}, &known);
  const auto* t = known.find(s.trainable.name);
  REQUIRE(t);
  run_context context;
  context.options = s.trainable.options;
  t->load(context);
  fake_trial one{{{"x", 3}}};
  t->train(one);
  CHECK(one.reports == std::vector<metrics>{{{"loss", 3}}});
}

TEST_CASE("a command that is told to stop gets SIGTERM, and how it ends is no failure") {
  const auto t = command();
  t.load(options(
      R"({"command": ["sh", "-c", "trap 'exit 7' TERM; echo 'TROUPE {{\"loss\": 1}}'; while :; do sleep 0.01; done"]})"));
  fake_trial one{{}};
  one.reports_before_stop = 1;
  CHECK_NOTHROW(t.train(one));
  CHECK(one.reports.size() == 1);
}

TEST_CASE("a command whose options are none is not loaded") {
  CHECK_THROWS_WITH_AS(command().load(options(R"({"command": ["{x}"]})")),
                       "trainable/command/0: must be the same program in all trials; an argument "
                       "may differ",
                       std::invalid_argument);
}

TEST_CASE("a command that speaks the protocol has a descriptor for it, and reports there") {
  const auto t = command();
  t.load(options(
      R"({"protocol": true, "command": ["sh", "-c", "echo '{{\"type\": \"hello\", \"version\": 1}}' >&$TROUPE_FD; read -r start <&$TROUPE_FD; echo \"$start\"; echo '{{\"type\": \"report\", \"metrics\": {{\"loss\": 4}}}}' >&$TROUPE_FD"]})"));
  fake_trial one{{}};
  t.train(one);
  CHECK(one.reports == std::vector<metrics>{{{"loss", 4}}});
}

TEST_CASE("only a command that speaks the protocol has checkpoints") {
  const auto t = command();
  CHECK(t.checkpoints_if(boost::json::parse(R"({"protocol": true})").get_object()));
  for (const auto* text : {"{}", R"({"protocol": false})", R"({"protocol": "true"})"})
    CHECK(!t.checkpoints_if(boost::json::parse(text).get_object()));
}

TEST_CASE("who speaks the protocol reports by nothing else") {
  CHECK_THROWS_WITH(
      command().load(
          options(R"x({"command": ["x"], "protocol": true, "metrics": {"loss": "loss=(.*)"}})x")),
      "trainable/metrics: reports come by the protocol; leave this out, or \"protocol\"");
  CHECK_THROWS_WITH(
      command().load(options(R"({"command": ["x"], "silence_s": 3})")),
      "trainable/silence_s: is for programs that speak the protocol; add \"protocol\": true");
}
