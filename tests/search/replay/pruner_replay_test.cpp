#include "base/json.hpp"
#include "cli/gzip_lines.hpp"
#include "search/replay/replay.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

std::vector<boost::json::object> recorded_cases() {
  std::vector<boost::json::object> cases;
  gzip_lines lines{std::string{TROUPE_VECTORS} + "/pruners.jsonl.gz"};
  for (std::string line; lines.next(line);)
    cases.push_back(parse_json(line).get_object());
  return cases;
}

/// Returns the fields of a report but `p`, which agrees only nearly.
boost::json::object without_p(boost::json::object event) {
  event.erase("p");
  return event;
}

std::string case_of(std::string_view events, std::string_view head = {}) {
  constexpr std::string_view median =
      R"("study": "s", "pruner": "median", "params": {}, "direction": "minimize")";
  return "{" + std::string{head.empty() ? median : head} + R"(, "events": [)" +
         std::string{events} + "]}";
}

std::string refusal(const std::string& text) {
  try {
    replay(parse_json(text).get_object());
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_SUITE("pruner replay") {
  TEST_CASE("every recorded decision of Optuna's pruners is decided again") {
    const auto cases = recorded_cases();
    CHECK(cases.size() == 56);
    std::size_t events = 0;
    for (const auto& recorded : cases) {
      CAPTURE(std::string_view{recorded.at("study").get_string()});
      const auto r = replay(recorded);
      CHECK(r.differences.empty());
      events += r.events;
      const auto& before = recorded.at("events").get_array();
      const auto& after = r.text.at("events").get_array();
      for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& was = before[i].get_object();
        const auto& is = after[i].get_object();
        CHECK((without_p(was) == without_p(is)));
        REQUIRE(was.contains("p") == is.contains("p"));
        if (was.contains("p"))
          CHECK(std::abs(as_number(was.at("p")) - as_number(is.at("p"))) < 1e-9);
      }
    }
    CHECK(events == 14182);
  }

  TEST_CASE("an altered outcome is found at its place, and everything else still agrees") {
    for (const auto& recorded : recorded_cases())
      for (const std::string_view key : {"prune", "p", "bracket"}) {
        auto altered = recorded;
        auto& events = altered["events"].get_array();
        auto place = events.size();
        while (place > 0 && !events[place - 1].get_object().contains(key))
          --place;
        if (place == 0) continue;
        auto& outcome = events[place - 1].get_object()[key];
        if (key == "prune")
          outcome = !outcome.get_bool();
        else
          outcome = as_number(outcome) + (key == "p" ? 2e-9 : 1);
        const auto r = replay(altered);
        REQUIRE(r.differences.size() == 1);
        CHECK(r.differences[0].event == place);
        CHECK(r.differences[0].recorded == to_text(outcome));
      }
  }

  TEST_CASE(
      "an outcome that is recorded without reason is a difference, one that is absent is not") {
    const auto r = replay(parse_json(case_of(R"({"op": "start", "trial": 0},
        {"op": "report", "trial": 0, "step": 1, "value": 1},
        {"op": "report", "trial": 0, "step": 2, "value": 1, "prune": false, "p": 0.5})"))
                              .get_object());
    REQUIRE(r.differences.size() == 1);
    CHECK(r.differences[0].event == 3);
    CHECK(r.differences[0].recorded == "0.5");
    CHECK(r.differences[0].got == "null");
    CHECK(r.text.at("events").at(1).at("prune") == false);
    CHECK_FALSE(r.text.at("events").at(1).as_object().contains("p"));
  }

  TEST_CASE("a pruner's case that is not of the form is refused") {
    constexpr auto start = R"({"op": "start", "trial": 0}, )";
    const auto after_start = [&](const std::string& event) {
      return refusal(case_of(start + event));
    };
    CHECK(refusal(R"({"pruner": "median"})") == "lacks \"direction\"");
    CHECK(refusal(case_of("", R"("study": "s", "pruner": "mean", "params": {}, )"
                              R"("direction": "minimize")")) == "unknown pruner \"mean\"");
    CHECK(refusal(case_of("", R"("study": "s", "pruner": "median", "params": {}, )"
                              R"("direction": "min")")) ==
          "\"direction\" must be \"minimize\" or \"maximize\"");
    CHECK(refusal(case_of("", R"("study": "s", "pruner": "patient", "direction": "minimize", )"
                              R"("params": {"patience": 0, "wrapped_pruner": {"pruner": "x", )"
                              R"("params": {}}})")) == "unknown pruner \"x\"");
    CHECK(after_start("7") == "event 2: is not an object");
    CHECK(after_start(R"({"op": "stop", "trial": 0})") ==
          "event 2: unknown op \"stop\"; known are start, report, finish");
    CHECK(after_start(R"({"op": "start", "trial": 0})") == "event 2: trial 0 is running already");
    CHECK(after_start(R"({"op": "finish", "trial": 1, "state": "FAIL"})") ==
          "event 2: trial 1 is not running");
    CHECK(after_start(R"({"op": "finish", "trial": 0, "state": "DONE"})") ==
          "event 2: \"state\" must be COMPLETE, PRUNED or FAIL");
    CHECK(after_start(R"({"op": "report", "trial": 0, "step": -1, "value": 1})") ==
          "event 2: \"step\" must be a whole number from 0 to 9007199254740992");
    CHECK(after_start(R"({"op": "report", "trial": "a"})") ==
          "event 2: \"trial\" must be a whole number from 0 to 4294967295");
    CHECK(refusal(R"({"study": "s", "pruner": "median", "params": {}, "direction": "minimize"})") ==
          "\"events\" must be an array");
  }

  TEST_CASE("a scheduler's case may name the study, whose name decides hyperband's brackets") {
    const auto stops = [](const std::string& name) {
      std::string events;
      for (const std::string trial : {"a", "b", "c", "d", "e", "f"})
        events += R"({"op": "add", "trial": ")" + trial + R"("}, {"op": "choose"}, )" +
                  R"({"op": "result", "trial": ")" + trial + R"(", "t": 1, "value": )" +
                  std::to_string(trial[0]) + "},";
      events.pop_back();
      const auto r = replay(parse_json(R"({"study": ")" + name + R"(", "scheduler": )" +
                                       R"("optuna_hyperband", "params": {"max_resource": 27}, )" +
                                       R"("mode": "min", "events": [)" + events + "]}")
                                .get_object());
      std::string found;
      for (const auto& event : r.text.at("events").get_array())
        if (event.at("op") == "result") found += event.at("decision") == "STOP" ? 'S' : '-';
      return found;
    };
    CHECK(stops("study") == "---SS-"); // bracket 0 has 1, 3 and 4
    CHECK(stops("näme") == "-SSS--");
  }
}
