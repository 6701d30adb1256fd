#include "base/json.hpp"
#include "search/scheduler_kit.hpp"
#include "search/schedulers/pbt_replay.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

constexpr auto two_steps = R"({"policy": [[3, {"lr": 0.1}], [5, {"lr": 0.2, "n": 7}]]})";

std::unique_ptr<scheduler> with_trial(std::string_view options) {
  auto s = make_scheduler(scheduled_study("pbt_replay", options));
  s->configured(0, {{"lr", 1}, {"n", 2}});
  s->added(0);
  s->choose();
  return s;
}

/// Returns what a report at `time` changes the configuration to; empty if it does not.
std::string change_at(scheduler& s, double time) {
  const auto d = s.reported(0, {time, 0});
  CHECK((d.verdict == verdict::pause) == !d.exploits.empty());
  if (d.exploits.empty()) return {};
  CHECK(d.exploits.size() == 1);
  CHECK(d.exploits[0].donor == 0);
  CHECK(s.choose() == 0u);
  return to_text(d.exploits[0].config);
}

} // namespace

TEST_CASE("a trial changes when it comes to the next step of the policy") {
  const auto s = with_trial(two_steps);
  CHECK(change_at(*s, 2).empty());
  CHECK(change_at(*s, 3) == R"({"lr": 0.1, "n": 2})");
  CHECK(change_at(*s, 4).empty());
  CHECK(change_at(*s, 6) == R"({"lr": 0.2, "n": 7})");
  CHECK(change_at(*s, 60).empty());
}

TEST_CASE("of several steps passed at once the last one counts") {
  CHECK(change_at(*with_trial(two_steps), 9) == R"({"lr": 0.2, "n": 7})");
}

TEST_CASE("a change that came to nothing is tried again at the next report") {
  const auto s = with_trial(two_steps);
  CHECK_FALSE(change_at(*s, 3).empty());
  s->configured(0, {{"lr", 1}, {"n", 2}});
  CHECK(change_at(*s, 4) == R"({"lr": 0.1, "n": 2})");
  CHECK(change_at(*s, 5) == R"({"lr": 0.2, "n": 7})");
}

TEST_CASE("a trial that failed and is tried again goes on with its step") {
  const auto s = with_trial(two_steps);
  change_at(*s, 3);
  s->failed(0);
  s->configured(0, {{"lr", 0.1}, {"n", 2}});
  s->added(0);
  CHECK(s->choose() == 0u);
  CHECK(change_at(*s, 4).empty());
  CHECK(change_at(*s, 5) == R"({"lr": 0.2, "n": 7})");
}

TEST_CASE("what is no policy is refused") {
  const auto refusal = [](std::string_view options) -> std::string {
    try {
      make_scheduler(scheduled_study("pbt_replay", options));
      return {};
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
  };
  CHECK(refusal("{}") ==
        "pbt_replay: policy: is missing; it says what to change when, as in [[10, {\"lr\": 0.1}]]");
  CHECK(refusal(R"({"policy": []})").starts_with("pbt_replay: policy: must be a list of steps"));
  CHECK(refusal(R"({"policy": [[0, {}]]})") ==
        "pbt_replay: policy/0: must be [iteration, configuration], as in [1, {\"lr\": 0.1}], "
        "iterations ascending; found [0, {}]");
  CHECK(refusal(R"({"policy": [[2, {}], [2, {}]]})").starts_with("pbt_replay: policy/1: must be"));
  CHECK(refusal(R"({"policy": [[1, 2]]})").starts_with("pbt_replay: policy/0: must be"));
  CHECK(refusal(R"({"policy": [[1, {}]], "x": 1})").starts_with("pbt_replay: x: unknown key"));
}
