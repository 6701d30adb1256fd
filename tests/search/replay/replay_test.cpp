#include "base/json.hpp"
#include "search/replay/replay.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>

using namespace troupe;

namespace {

/// A case of the scheduler with these events.
std::string case_of(std::string_view scheduler, std::string_view events) {
  std::string text = R"({"scheduler": ")";
  text += scheduler;
  text += R"(", "mode": "max", "params": {}, "events": [)";
  text += events;
  return text + "]}";
}

replayed_case replay_text(const std::string& text) {
  return replay(parse_json(text).get_object());
}

std::string refusal(const std::string& text) {
  try {
    replay_text(text);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_SUITE("replay: going on as recorded") {
  constexpr auto add_three = R"({"op": "add", "trial": "a"}, {"op": "add", "trial": "b"},
                                {"op": "add", "trial": "c"},)";

  TEST_CASE("a choice other than recorded is undone") {
    const auto r = replay_text(case_of("fifo", std::string{add_three} + R"(
        {"op": "choose", "trial": "b", "actions": []},
        {"op": "choose", "trial": "a", "actions": []},
        {"op": "choose", "trial": null, "actions": []},
        {"op": "choose", "trial": "c", "actions": []},
        {"op": "choose", "trial": null, "actions": []})"));
    REQUIRE(r.differences.size() == 2);
    CHECK(r.differences[0].event == 4);
    CHECK(r.differences[0].recorded == "b");
    CHECK(r.differences[0].got == "a");
    CHECK(r.differences[1].event == 6);
    CHECK(r.differences[1].recorded == "null");
    CHECK(r.differences[1].got == "c");
    CHECK(r.text.at("events").at(3).at("trial") == "a");
  }

  TEST_CASE("a trial that was recorded as paused waits, one that was not goes on") {
    const auto r = replay_text(case_of("asha", std::string{add_three} + R"(
        {"op": "choose", "trial": "a", "actions": []},
        {"op": "result", "trial": "a", "t": 1, "value": 5, "decision": "PAUSE", "actions": []},
        {"op": "choose", "trial": "b", "actions": []},
        {"op": "choose", "trial": "c", "actions": []},
        {"op": "choose", "trial": "a", "actions": []},
        {"op": "result", "trial": "b", "t": 1, "value": 4, "decision": "CONTINUE", "actions": []},
        {"op": "result", "trial": "b", "t": 2, "value": 4, "decision": "STOP", "actions": []},
        {"op": "choose", "trial": null, "actions": []})"));
    REQUIRE(r.differences.size() == 3);
    CHECK(r.differences[0].event == 5);
    CHECK(r.differences[1].got == "STOP");
    CHECK(r.differences[2].got == "CONTINUE");
  }

  TEST_CASE("recorded actions end paused trials") {
    const auto r = replay_text(case_of("asha", std::string{add_three} + R"(
        {"op": "choose", "trial": "a", "actions": []},
        {"op": "result", "trial": "a", "t": 1, "value": 5, "decision": "PAUSE", "actions": []},
        {"op": "choose", "trial": "b", "actions": []},
        {"op": "complete", "trial": "b", "t": 1, "value": 4, "actions": [["stop", "a"]]},
        {"op": "choose", "trial": "c", "actions": []},
        {"op": "choose", "trial": null, "actions": []})"));
    REQUIRE(r.differences.size() == 2);
    CHECK(r.differences[1].event == 7);
    CHECK(r.differences[1].recorded == R"([["stop", "a"]])");
    CHECK(r.differences[1].got == "[]");
  }

  TEST_CASE("a trial that is stopped by its own event's action has ended once") {
    const auto r = replay_text(case_of("asha", std::string{add_three} + R"(
        {"op": "choose"},
        {"op": "result", "trial": "a", "t": 1, "value": 5, "decision": "STOP",
         "actions": [["stop", "a"]]})"));
    CHECK(r.differences.size() == 2);
  }

  TEST_CASE("outcomes that are absent are filled in, other fields stay where they are") {
    const auto r = replay_text(R"({"note": [1, null], "scheduler": "asha", "mode": "min",
        "params": {"max_t": 4}, "events": [{"op": "add", "trial": "a", "x": "inf"}, {"op": "choose"},
        {"op": "result", "trial": "a", "t": 4, "value": null}], "end": 0.1})");
    CHECK(r.differences.empty());
    CHECK(r.events == 3);
    CHECK(to_text(boost::json::value(r.text)) ==
          R"({"note": [1, null], "scheduler": "asha", "mode": "min", "params": {"max_t": 4}, )"
          R"("events": [{"op": "add", "trial": "a", "x": "inf"}, )"
          R"({"op": "choose", "trial": "a", "actions": []}, )"
          R"({"op": "result", "trial": "a", "t": 4, "value": null, "decision": "STOP", )"
          R"("actions": []}], "end": 0.1})");
  }

  TEST_CASE("a running trial that is added again is tried again, last") {
    const auto r = replay_text(case_of("fifo", std::string{add_three} + R"(
        {"op": "choose"}, {"op": "add", "trial": "a"}, {"op": "choose"}, {"op": "choose"},
        {"op": "choose"})"));
    CHECK(r.text.at("events").at(7).at("trial") == "a");
  }
}

TEST_SUITE("replay: BOHB") {
  TEST_CASE("a choice that halves brackets ends trials") {
    const auto r =
        replay_text(R"({"scheduler": "bohb", "mode": "max", "params": {"max_t": 3}, "events":
        [{"op": "add", "trial": "a"}, {"op": "add", "trial": "b"},
         {"op": "choose", "trial": "a"}, {"op": "choose", "trial": "b"},
         {"op": "result", "trial": "a", "t": 1, "value": 5, "decision": "PAUSE", "actions": []},
         {"op": "result", "trial": "b", "t": 1, "value": 4, "decision": "PAUSE", "actions": []},
         {"op": "choose", "trial": "a", "actions": []},
         {"op": "result", "trial": "a", "t": 3, "value": 5, "decision": "STOP", "actions": []}]})");
    REQUIRE(r.differences.size() == 1);
    CHECK(r.differences[0].event == 7);
    CHECK(r.differences[0].got == R"([["stop", "b"]])");
  }
}

TEST_SUITE("replay: several objectives") {
  std::string two_objectives(std::string_view value) {
    std::string text = R"({"scheduler": "moasha", "mode": ["min", "max"], "params": {}, "events": [
        {"op": "add", "trial": "a"}, {"op": "choose"}, {"op": "add", "trial": "b"}, {"op": "choose"},
        {"op": "result", "trial": "a", "t": 1, "value": [1, 1], "decision": "CONTINUE"},
        {"op": "result", "trial": "b", "t": 1, "decision": "CONTINUE", "value": )";
    return text.append(value) + "}]}";
  }

  TEST_CASE("modes and values are lists") {
    const auto worse = replay_text(two_objectives("[2, 0]"));
    REQUIRE(worse.differences.size() == 1);
    CHECK(worse.differences[0].got == "STOP");
    CHECK(replay_text(two_objectives("[1, 2]")).differences.empty());
    CHECK(replay_text(two_objectives("[null, 2]")).differences.empty());
    CHECK(refusal(two_objectives("3")) ==
          "event 6: \"value\" must have 2 numbers, as \"mode\" has directions");
    CHECK(refusal(R"({"scheduler": "fifo", "mode": ["up"], "params": {}, "events": []})") ==
          "\"mode\" must be \"min\" or \"max\"");
  }
}

TEST_SUITE("replay: HyperBand") {
  // Two trials to 3; then three, of which one goes on after iteration 1.
  std::string bracket_case(std::string_view events) {
    std::string text =
        R"({"scheduler": "hyperband", "mode": "max", "params": {"max_t": 3}, "events":
        [{"op": "add", "trial": "x"}, {"op": "add", "trial": "y"}, {"op": "add", "trial": "a"},
         {"op": "add", "trial": "b"}, {"op": "add", "trial": "c"},
         {"op": "result", "trial": "a", "t": 1, "value": 5, "decision": "PAUSE", "actions": []},
         {"op": "result", "trial": "b", "t": 1, "value": 4, "decision": "PAUSE", "actions": []},)";
    return text.append(events) + "]}";
  }

  TEST_CASE("trials that end because another has ended are actions of that event") {
    for (const std::string other :
         {R"({"op": "result", "trial": "c", "t": 1, "value": 3, "decision": "STOP", "actions": )",
          R"({"op": "complete", "trial": "c", "t": 1, "value": 3, "actions": )"}) {
      const auto none = replay_text(bracket_case(other + "[]}"));
      REQUIRE(none.differences.size() == 1);
      CHECK(none.differences[0].event == 8);
      CHECK(none.differences[0].got == R"([["stop", "b"]])");
      const auto right = replay_text(bracket_case(other + R"([["stop", "b"]]},
          {"op": "choose", "trial": "x"}, {"op": "choose", "trial": "y"},
          {"op": "choose", "trial": "a"}, {"op": "choose", "trial": null})"));
      CHECK(right.differences.empty());
    }
  }

  TEST_CASE("an addition that says that the trial failed has actions if there are any") {
    const std::string fails =
        R"({"op": "choose"}, {"op": "choose"}, {"op": "choose"}, {"op": "add", "trial": "c")";
    const auto r = replay_text(bracket_case(fails + "}"));
    CHECK(r.differences.empty());
    CHECK(to_text(r.text.at("events").at(10)) ==
          R"({"op": "add", "trial": "c", "actions": [["stop", "b"]]})");
    CHECK(replay_text(bracket_case(fails + R"(, "actions": []})")).differences.size() == 1);
  }

  TEST_CASE("a case is replayed with Ray Tune's faults") {
    const auto result = [](int n, int t) {
      return R"({"op": "result", "trial": ")" + std::to_string(n) + R"(", "t": )" +
             std::to_string(t) + R"(, "value": )" + std::to_string(n) + "}, ";
    };
    std::string events;
    for (int n = 0; n < 3 + 5 + 9; ++n)
      events += R"({"op": "add", "trial": ")" + std::to_string(n) + "\"}, ";
    for (int n = 8; n < 17; ++n)
      events += result(n, 1);
    // The best three go on to 3; two wait there for the third, which ends.
    events += result(14, 3) + result(15, 3);
    events += R"({"op": "complete", "trial": "16", "t": 2, "value": 9, "actions": []})";
    CHECK(replay_text(R"({"scheduler": "hyperband", "mode": "max", "params": {"max_t": 9}, )"
                      R"("events": [)" +
                      events + "]}")
              .differences.empty());
  }

  TEST_CASE("an outcome other than recorded leaves the scheduler in order") {
    const auto goes_on = replay_text(bracket_case(R"(
        {"op": "result", "trial": "c", "t": 1, "value": 3, "decision": "CONTINUE",
         "actions": [["stop", "a"]]},
        {"op": "result", "trial": "c", "t": 2, "value": 3, "decision": "CONTINUE", "actions": []},
        {"op": "choose", "trial": "b"}, {"op": "choose", "trial": "a"})"));
    CHECK(goes_on.differences.size() == 5);
  }
}

TEST_SUITE("replay: bad input") {
  TEST_CASE("a case that is not of the form is refused with its event") {
    constexpr auto add = R"({"op": "add", "trial": "a"})";
    const auto after_add = [&](const std::string& event) {
      return refusal(case_of("asha", std::string{add} + ", " + event));
    };
    CHECK(refusal("{}") == "lacks \"mode\"");
    CHECK(refusal(case_of("ahsa", add)).starts_with("unknown scheduler \"ahsa\"; did you mean"));
    CHECK(refusal(R"({"scheduler": "asha", "mode": "up", "params": {}, "events": []})") ==
          "\"mode\" must be \"min\" or \"max\"");
    CHECK(
        refusal(R"({"scheduler": "asha", "mode": "min", "params": {"max_t": 0}, "events": []})") ==
        "asha: max_t: must be a number above 0; found 0");
    CHECK(refusal(R"({"scheduler": "asha", "mode": "min", "params": {}})") ==
          "\"events\" must be an array");
    CHECK(after_add("3") == "event 2: is not an object");
    CHECK(after_add(R"({"op": "pick"})") ==
          "event 2: unknown op \"pick\"; known are add, choose, result, complete");
    CHECK(after_add(R"({"op": "choose", "trial": "b"})") == "event 2: trial \"b\" was never added");
    CHECK(after_add(R"({"op": "result", "trial": "b", "t": 1, "value": 1})") ==
          "event 2: trial \"b\" was never added");
  }

  TEST_CASE("a result that is not of the form is refused with its event") {
    const auto with_result = [](const std::string& fields) {
      return refusal(case_of("asha", R"({"op": "add", "trial": "a"}, {"op": "choose"},
                                        {"op": "result", "trial": "a", )" +
                                         fields + "}"));
    };
    CHECK(with_result(R"("t": 1)") == "event 3: lacks \"value\"");
    CHECK(with_result(R"("t": 1, "value": true)") == "event 3: \"value\" must be a number");
    CHECK(with_result(R"("t": 1, "value": 1, "decision": "GO")") ==
          "event 3: \"decision\" must be CONTINUE, STOP or PAUSE");
    CHECK(with_result(R"("t": 1, "value": 1, "actions": [["exploit", "a", "b"]])") ==
          "event 3: an action must be [\"stop\", trial] or [\"exploit\", trial, donor, "
          "config] or [\"resources\", trial, request]");
    CHECK(with_result(R"("t": 1, "value": 1, "actions": [["stop", "b"]])") ==
          "event 3: trial \"b\" was never added");
  }
}
