#include "base/json.hpp"
#include "search/replay/replay.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace troupe;

namespace {

replayed_case replay_text(const std::string& text) {
  return replay(parse_json(text).as_object());
}

/// A case of four trials that report in turn, without outcomes. `more` stands beside its name.
std::string case_of(const std::string& scheduler, const std::string& params,
                    const std::string& more = "") {
  std::string events;
  const auto event = [&](const std::string& members) {
    events += (events.empty() ? "{" : ", {") + members + "}";
  };
  for (int n = 0; n < 4; ++n)
    event(R"("op": "add", "trial": "t)" + std::to_string(n) + R"(", "config": {"lr": 0.)" +
          std::to_string(n + 1) + "}");
  for (int n = 0; n < 4; ++n)
    event(R"("op": "choose")");
  for (int t = 1; t <= 12; ++t)
    for (int n = 0; n < 4; ++n)
      event(R"("op": "result", "trial": "t)" + std::to_string(n) + R"(", "t": )" +
            std::to_string(t) + R"(, "value": )" + std::to_string(n * t % 7));
  return R"({"scheduler": ")" + scheduler + R"(", "mode": "max", )" + more + R"("params": )" +
         params + R"(, "events": [)" + events + "]}";
}

std::string replayed_text(const std::string& text) {
  return to_text(boost::json::value(replay_text(text).text));
}

constexpr auto pbt = R"({"perturbation_interval": 3,
                         "hyperparam_mutations": {"lr": {"uniform": [0, 1]}}})";

} // namespace

TEST_CASE("what a replay of population-based training prints agrees with itself") {
  for (const std::string synch : {"false", "true"}) {
    const auto printed = replayed_text(
        case_of("pbt",
                R"({"perturbation_interval": 3, "hyperparam_mutations": {"lr": {"uniform": [0, 1]}},
            "synch": )" +
                    synch + "}"));
    CHECK(printed.find(R"(["exploit", "t)") != std::string::npos);
    const auto again = replay_text(printed);
    CHECK(again.differences.empty());
    CHECK(to_text(boost::json::value(again.text)) == printed);
  }
}

TEST_CASE("what a replay of shared resources or promotions prints agrees with itself") {
  const auto shared =
      replayed_text(case_of("resource_changing", R"({"base": {"name": "asha", "max_t": 8}})",
                            R"("cpus": 9, "resources": {"cpu": 1, "gpu": 0}, )"));
  CHECK(shared.find(R"(["resources", "t0", {"cpu": 3, "gpu": 0, "memory_gb": 0}])") !=
        std::string::npos);
  CHECK(replay_text(shared).differences.empty());
  const auto promoted = replayed_text(
      case_of("asha", R"({"max_t": 20, "reduction_factor": 2, "variant": "promotion"})"));
  CHECK(promoted.find("PAUSE") != std::string::npos);
  CHECK(replay_text(promoted).differences.empty());
}

TEST_CASE("the seed of a case decides its changes") {
  const auto printed = replayed_text(case_of("pbt", pbt, R"("seed": 1, )"));
  CHECK(printed == replayed_text(case_of("pbt", pbt, R"("seed": 1, )")));
  CHECK(printed != replayed_text(case_of("pbt", pbt, R"("seed": 2, )")));
  CHECK_THROWS_WITH(replay_text(case_of("pbt", pbt, R"("seed": -1, )")),
                    "\"seed\" must be a whole number");
}

TEST_CASE("a recorded configuration other than drawn is a difference, and holds from there on") {
  auto recorded = replay_text(case_of("pbt", pbt)).text;
  auto& events = recorded.at("events").as_array();
  std::size_t altered = 0;
  for (auto& e : events)
    if (auto* actions = e.as_object().if_contains("actions");
        actions && !actions->as_array().empty() && altered == 0) {
      actions->as_array()[0].as_array()[3] = {{"lr", 0.5}};
      altered = static_cast<std::size_t>(&e - events.data()) + 1;
    }
  REQUIRE(altered > 0);
  const auto again = replay(recorded);
  REQUIRE_FALSE(again.differences.empty());
  CHECK(again.differences[0].event == altered);
  CHECK(again.differences[0].recorded.find(R"({"lr": 0.5})") != std::string::npos);
}

TEST_CASE("actions of another form are refused") {
  const auto refusal = [](const std::string& action) -> std::string {
    try {
      replay_text(R"({"scheduler": "fifo", "mode": "min", "params": {}, "events": [
          {"op": "add", "trial": "a"},
          {"op": "result", "trial": "a", "t": 1, "value": 1, "actions": [)" +
                  action + "]}]}");
      return {};
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
  };
  CHECK(refusal(R"(["exploit", "a", "a", {}])").empty());
  CHECK(refusal(R"(["exploit", "a", "a", 1])") == "event 2: a config must be an object");
  CHECK(refusal(R"(["resources", "a", {"cpu": 2}])").empty());
  CHECK(refusal(R"(["exploit", "a", "b"])").starts_with("event 2: an action must be "));
  CHECK(refusal(R"(["explode", "a"])").starts_with("event 2: an action must be "));
}
