#include "model/fake_trial.hpp"
#include "process/client_message.hpp"
#include "process/tuner_message.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <variant>

using namespace troupe;

namespace {

std::string refusal(std::string_view line) {
  try {
    read_client_message(line);
    return {};
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("what a program may say is read") {
  CHECK(std::holds_alternative<client_hello>(
      read_client_message(R"({"type": "hello", "version": 1})")));
  CHECK(std::holds_alternative<client_heartbeat>(read_client_message(R"({"type":"heartbeat"})")));
  const auto report = std::get<client_report>(read_client_message(
      R"( {"metrics": {"loss": 0.5, "a": -Infinity, "b": "inf", "c": NaN}, "checkpoint": "7", "type": "report"} )"));
  CHECK(*report.metrics.find("loss") == 0.5);
  CHECK(*report.metrics.find("a") == -INFINITY);
  CHECK(*report.metrics.find("b") == INFINITY);
  CHECK(std::isnan(*report.metrics.find("c")));
  CHECK(report.checkpoint == "7");
  const auto without = std::get<client_report>(
      read_client_message(R"({"type": "report", "metrics": {}, "checkpoint": null})"));
  CHECK(without.metrics.empty());
  CHECK(!without.checkpoint);
  CHECK(std::get<client_progress>(read_client_message(R"({"type": "progress", "fraction": 1})"))
            .fraction == 1);
  CHECK(std::get<client_log>(read_client_message(R"({"type": "log", "text": "a\nb"})")).text ==
        "a\nb");
  CHECK(std::get<client_error>(read_client_message(R"({"type": "error", "message": "no"})"))
            .message == "no");
  const auto full = std::get<client_error>(
      read_client_message(R"({"type": "error", "message": "no", "reason_kind": "out_of_memory"})"));
  CHECK(full.reason_kind == reason_kind::out_of_memory);
}

TEST_CASE("what is no message is refused with what is wrong") {
  CHECK(refusal("").starts_with("it is no JSON: "));
  CHECK(refusal("{").starts_with("it is no JSON: "));
  CHECK(refusal("{\"type\": \"log\", \"text\": \"\xff\"}").starts_with("it is no JSON: "));
  CHECK(refusal("[1]") == "it is no JSON object");
  CHECK(refusal("{}") == "\"type\" is missing");
  CHECK(refusal(R"({"type": 1})") == "\"type\" must be a text");
  CHECK(refusal(R"({"type": "repot"})") == "unknown type \"repot\"; did you mean \"report\"?");
  CHECK(refusal(R"({"type": "report"})") == "\"metrics\" is missing");
  CHECK(refusal(R"({"type": "report", "metrics": [1]})") ==
        R"("metrics" must be an object like {"loss": 0.3})");
  CHECK(refusal(R"({"type": "report", "metrics": {"loss": "low"}})").starts_with("\"loss\": "));
  CHECK(refusal(R"({"type": "report", "metrics": {}, "checkpont": "7"})") ==
        "\"checkpont\" is unknown; did you mean \"checkpoint\"?");
  CHECK(refusal(R"({"type": "progress", "fraction": 1.5})") == "\"fraction\" must be from 0 to 1");
  CHECK(refusal(R"({"type": "progress", "fraction": "half"})") == "\"fraction\" must be a number");
  CHECK(refusal(R"({"type": "heartbeat", "now": 1})") ==
        "\"now\" is unknown; there are no others than \"type\"");
  CHECK(refusal(R"({"type": "log"})") == "\"text\" is missing");
  CHECK(refusal(R"({"type": "error", "message": ""})") == "\"message\" must say what is wrong");
  for (const auto* kind : {"\"memory\"", "\"none\"", "\"\""})
    CHECK(refusal(std::string{R"({"type": "error", "message": "no", "reason_kind": )"} + kind +
                  "}") == "\"reason_kind\" must be a kind of reason, like \"out_of_memory\"");
}

TEST_CASE("a checkpoint is a name, and leads nowhere else") {
  using namespace std::string_literals;
  for (const auto& name : {""s, "."s, ".."s, "a/b"s, "/etc"s, "../new"s, std::string(256, 'x')}) {
    CAPTURE(name);
    CHECK(refusal(R"({"type": "report", "metrics": {}, "checkpoint": ")" + name + "\"}") ==
          "\"checkpoint\" must be the name of a folder in the one that \"start\" names");
  }
}

TEST_CASE("a program of a later version is told so, whatever else it says") {
  CHECK(refusal(R"({"type": "hello", "version": 2, "wants": ["more"]})") ==
        "the program speaks version 2 of the protocol, and this Troupe version 1: it needs a later "
        "Troupe, or an earlier client");
  CHECK(refusal(R"({"type": "hello", "version": 1, "wants": 1})")
            .starts_with("\"wants\" is unknown"));
  for (const auto* version : {"0", "-1", "1.0", "\"1\"", "null"})
    CHECK(refusal(std::string{R"({"type": "hello", "version": )"} + version + "}") ==
          "\"version\" must be a whole number from 1 on");
}

TEST_CASE("a program is told what it trains, in one line") {
  fake_trial t{{{"lr", 0.5}, {"text", "two\nlines"}}};
  t.use({"cuda:3", "cuda:5"});
  CHECK(start_message(t, "/out/new", "/out/last") ==
        R"({"type": "start", "version": 1, "trial": "00000", "seed": )" +
            std::to_string(t.seed("command") >> 32U) +
            R"(, "iteration": 0, "checkpoint": "/out/last", "folder": "/out/new", )"
            R"("devices": ["cuda:0", "cuda:1"], "threads": 1, )"
            R"("config": {"lr": 0.5, "text": "two\nlines"}})"
            "\n");
  CHECK(start_message(t, "/out/new", {}).find("\"checkpoint\": null") != std::string::npos);
  CHECK(decision_message(verdict::proceed) ==
        "{\"type\": \"decision\", \"decision\": \"continue\"}\n");
  CHECK(decision_message(verdict::pause) == "{\"type\": \"decision\", \"decision\": \"pause\"}\n");
  CHECK(decision_message(verdict::stop) == "{\"type\": \"decision\", \"decision\": \"stop\"}\n");
  CHECK(stop_message() == "{\"type\": \"stop\"}\n");
}
