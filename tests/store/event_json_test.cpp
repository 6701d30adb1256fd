#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_layout.hpp"
#include "store/time_text.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;
using namespace troupe::event_kind;

namespace {

std::string text_of(const event& e) {
  return to_text(boost::json::value(to_json(e)));
}

/// Converts to anything: stands for a field when fields are counted.
struct any_field {
  template <class T>
  operator T() const; // Never called, so never defined.
};

template <class Struct, class... Fields>
constexpr std::size_t field_count() {
  if constexpr (requires { Struct{Fields{}..., any_field{}}; })
    return field_count<Struct, Fields..., any_field>();
  else
    return sizeof...(Fields);
}

template <class... Kinds>
constexpr bool all_fields_are_named(std::type_identity<std::variant<Kinds...>>) {
  return (
      (field_count<Kinds>() == std::tuple_size_v<decltype(detail::layout<Kinds>::fields)>)&&...);
}

static_assert(all_fields_are_named(std::type_identity<event_body>{}),
              "a field of an event has no name in JSON: the journal would lose it");
static_assert(field_count<resources>() ==
              std::tuple_size_v<decltype(detail::layout<resources>::fields)>);
static_assert(field_count<lease>() == std::tuple_size_v<decltype(detail::layout<lease>::fields)>);

/// Returns why `text` is not an event; empty if it is one.
std::string refusal(std::string_view text) {
  return message_of<std::invalid_argument>([&] { event_from_json(parse_json(text).as_object()); });
}

} // namespace

TEST_CASE("each kind of event has its documented JSON") {
  const auto inf = std::numeric_limits<double>::infinity();
  const std::pair<event, std::string> cases[] = {
      {make_event(1, {}, study_started{"cifar", 10}),
       R"("trial": null, "kind": "study_started", "name": "cifar", "num_samples": 10)"},
      {make_event(1, 0, trial_added{{{"lr", 0.1}, {"net", {{"l1", 64}}}}, 1}),
       R"("trial": "00000", "kind": "trial_added", )"
       R"("config": {"lr": 0.1, "net": {"l1": 64}}, "seen": 1)"},
      {make_event(1, 0, trial_started{2, 4, {7, 1.5, 0.5, 2.0, {1}}}),
       R"("trial": "00000", "kind": "trial_started", "attempt": 2, "from_iteration": 4, )"
       R"("lease": {"id": 7, "cpu": 1.5, "gpu": 0.5, "memory_gb": 2.0, "gpus": [1]}, "client": null)"},
      {make_event(1, 0, trial_reported{5, {{"loss", 0.5}, {"worst", inf}}, 3, 1.25, 6.5}),
       R"("trial": "00000", "kind": "trial_reported", "iteration": 5, )"
       R"("metrics": {"loss": 0.5, "worst": "inf"}, "takes": 3, "iteration_s": 1.25, )"
       R"("total_s": 6.5)"},
      {make_event(1, 0, trial_decided{5, verdict::pause, "rung 4", trial_state::paused, true}),
       R"("trial": "00000", "kind": "trial_decided", "iteration": 5, "verdict": "pause", )"
       R"("reason": "rung 4", "becomes": "paused", "dropped": true)"},
      {make_event(1, 0, trial_failed{1, "boom", true}),
       R"("trial": "00000", "kind": "trial_failed", "attempt": 1, "error": "boom", "retry": true)"},
      {make_event(1, 0, trial_paused{5, "rung 4"}),
       R"("trial": "00000", "kind": "trial_paused", "iteration": 5, "reason": "rung 4")"},
      {make_event(1, 0, trial_exploited{12, 3, 20, 6.5, {{"lr", 0.12}}}),
       R"("trial": "00000", "kind": "trial_exploited", "donor": "00012", "checkpoint": 3, )"
       R"("iteration": 20, "total_s": 6.5, "config": {"lr": 0.12})"},
      {make_event(1, 0, trial_resized{{2, 0.5, 1.5}}),
       R"("trial": "00000", "kind": "trial_resized", )"
       R"("request": {"cpu": 2.0, "gpu": 0.5, "memory_gb": 1.5})"},
      {make_event(1, 0, trial_ended{trial_state::stopped, "asha"}),
       R"("trial": "00000", "kind": "trial_ended", "state": "stopped", "reason": "asha")"},
      {make_event(1, {}, study_stopping{"time is up", trial_state::stopped}),
       R"("trial": null, "kind": "study_stopping", "reason": "time is up", )"
       R"("running_become": "stopped")"},
      {make_event(1, {}, study_ended{3, ""}),
       R"("trial": null, "kind": "study_ended", "best": "00003", "reason": "")"},
      {make_event(1, 0, checkpoint_saved{3, 5}),
       R"("trial": "00000", "kind": "checkpoint_saved", "checkpoint": 3, "iteration": 5)"},
      {make_event(1, 0, trial_leased{"7-00c0ffee", 90}),
       R"("trial": "00000", "kind": "trial_leased", "token": "7-00c0ffee", "lease_s": 90.0)"},
      {make_event(1, {}, study_resumed{{}, {1, 4}}),
       R"("trial": null, "kind": "study_resumed", "retried": ["00001", "00004"])"},
      {make_event(1, 0, checkpoint_taken{3, 5, {{"loss", 0.5}}, 2}),
       R"("trial": "00000", "kind": "checkpoint_taken", "checkpoint": 3, "iteration": 5, )"
       R"("metrics": {"loss": 0.5}, "total_s": 2.0)"},
      {make_event(1, 0, checkpoint_lost{3}),
       R"("trial": "00000", "kind": "checkpoint_lost", "checkpoint": 3)"},
      {make_event(1, std::nullopt, choice_asked{}), R"("trial": null, "kind": "choice_asked")"},
      {make_event(1, std::nullopt, study_paused{"troupe pause"}),
       R"("trial": null, "kind": "study_paused", "by": "troupe pause")"},
      {make_event(1, std::nullopt, study_continued{}),
       R"("trial": null, "kind": "study_continued")"},
      {make_event(1, 0, trial_held{5}),
       R"("trial": "00000", "kind": "trial_held", "iteration": 5)"},
      {make_event(1, std::nullopt, limits_changed{{.num_samples = 7}, "troupe set"}),
       R"("trial": null, "kind": "limits_changed", "limits": {"num_samples": 7, )"
       R"("resources": {"cpu": 1.0, "gpu": 0.0, "memory_gb": 0.0}, "max_concurrent": null, )"
       R"("cpus": null, "gpus": null, "time_budget_s": null, "stop": [], "max_failures": 0, )"
       R"("fail_fast": false, "keep_best": 1, "keep_last": 1}, "by": "troupe set")"},
      {make_event(1, 0, trial_retried{}), R"("trial": "00000", "kind": "trial_retried")"}};
  static_assert(std::size(cases) == std::variant_size_v<event_body>);
  for (const auto& [e, fields] : cases) {
    const auto text = R"({"seq": 1, "time": "2026-03-01T12:00:00.000000124Z", )" + fields + "}";
    CHECK(text_of(e) == text);
    CHECK(text_of(event_from_json(parse_json(text).as_object())) == text);
  }
}

TEST_CASE("changed limits read back as they were written, in JSON and in a journal's row") {
  study_limits limits;
  limits.num_samples = 40;
  limits.time_budget_s = 3600;
  limits.max_concurrent = 3;
  limits.stop = {{"loss", stop_rule::side::at_most, 0.1}, {"accuracy", {}, 0.9}};
  limits.keep_last = 4;
  limits.progress_limit_s = 90;
  for (const auto& written : {std::optional<study_limits>{}, std::optional{limits}})
    for (const auto& retried : {std::vector<trial_number>{}, std::vector<trial_number>{7}}) {
      const event_kind::study_resumed body{written, retried};
      const auto json = event_from_json(parse_json(text_of(make_event(1, {}, body))).as_object());
      const auto row = event_body_from_row(event_body{body}.index(), to_row(body));
      for (const auto& back : {json.body, row}) {
        CHECK(std::get<event_kind::study_resumed>(back).limits == written);
        CHECK(std::get<event_kind::study_resumed>(back).retried == retried);
      }
    }
}

TEST_CASE("any event reads back as it was written") {
  event_generator generator{20260301};
  for (std::uint64_t seq = 1; seq <= 2000; ++seq) {
    const auto e = generator.next(seq);
    const auto text = text_of(e);
    CAPTURE(text);
    const auto back = event_from_json(parse_json(text).as_object());
    CHECK(back.time_ns == e.time_ns);
    CHECK(back.body.index() == e.body.index());
    REQUIRE(text_of(back) == text);
  }
}

TEST_CASE("what is not an event is refused by the key that is wrong") {
  const std::string start = R"({"seq": 1, "time": "2026-03-01T12:00:00.000000001Z", )";
  CHECK(refusal("{}") == "\"seq\" is missing");
  CHECK(refusal(R"({"seq": -1})") == "\"seq\" must be an integer in range");
  CHECK(contains(refusal(R"({"seq": 1, "time": "noon"})"), "\"noon\" is not a time"));
  CHECK(refusal(start + R"("kind": "study_stopping", "reason": ""})") == "\"trial\" is missing");
  for (const auto* id : {"1", "\"1\"", "\"4294967296\"", "\"000001\"", "\"0000x\"", "\"\""})
    CHECK(refusal(start + "\"trial\": " + id + "}") == "\"trial\" must be a trial's id");
  CHECK(refusal(start + R"("trial": "00001", "kind": "trial_vanished"})") ==
        "\"kind\": \"trial_vanished\" is not known");
  CHECK(refusal(start + R"("trial": "00001", "kind": "trial_paused", "iteration": 1})") ==
        "\"reason\" is missing");
  CHECK(refusal(start +
                R"("trial": "00001", "kind": "trial_paused", "iteration": 1, "reason": 5})") ==
        "\"reason\" must be a string");
  CHECK(refusal(
            start +
            R"("trial": "00001", "kind": "trial_paused", "iteration": 1, "reason": "", "x": 1})") ==
        "\"x\" is not known");
  CHECK(refusal(start +
                R"("trial": "00001", "kind": "trial_ended", "state": "lost", "reason": ""})") ==
        "\"state\" must be a trial's state");
  CHECK(refusal(start + R"("trial": "00001", "kind": "trial_reported", "iteration": 1,
                          "metrics": {"loss": "low"}})") == "\"metrics/loss\" must be a number");
}

TEST_CASE("times are exact from one end of the range to the other") {
  CHECK(to_utc_text(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(to_utc_text(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(to_date_text(noon_ns) == "2026-03-01_12-00-00");
  for (const auto time_ns : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                             std::int64_t{0}, noon_ns, std::numeric_limits<std::int64_t>::max()})
    CHECK(from_utc_text(to_utc_text(time_ns)) == time_ns);
}

TEST_CASE("what older journals do not say is taken as absent") {
  const auto e = event_from_json(parse_json(R"({"seq": 2, "time": "2026-03-01T12:00:00.000000000Z",
    "trial": "00000", "kind": "trial_added", "config": {}, "seen": 1})")
                                     .as_object());
  CHECK_FALSE(std::get<trial_added>(e.body).by);
}

TEST_CASE("texts that only look like times are refused") {
  for (const auto* text :
       {"", "2026-03-01", "2026-02-30T00:00:00.000000000Z", "2026-03-01T24:00:00.000000000Z",
        "2026-03-01T00:00:60.000000000Z", "2026-03-01T00:00:00.00000000Z",
        "2026-03-01T00:00:00.000000000", "2026-03-01 00:00:00.000000000Z",
        "2263-01-01T00:00:00.000000000Z", "2026-13-01T00:00:00.000000000Z"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(from_utc_text(text), std::invalid_argument);
  }
}

TEST_CASE("a field that is rarely needed is written only then") {
  const auto text = [](const event& e) { return to_text(boost::json::value(to_json(e))); };
  const auto usual = make_event(1, 0, event_kind::trial_failed{1, "boom", true});
  CHECK_FALSE(contains(text(usual), "counts"));
  CHECK(std::get<event_kind::trial_failed>(event_from_json(to_json(usual)).body).counts);
  const auto lost = make_event(1, 0, event_kind::trial_failed{1, "lost", true, false});
  CHECK(contains(text(lost), R"("retry": true, "counts": false)"));
  CHECK_FALSE(std::get<event_kind::trial_failed>(event_from_json(to_json(lost)).body).counts);
}

TEST_CASE("that a trial's results were known is said where it is so, and only there") {
  auto e = make_event(2, 0, event_kind::trial_added{{{"lr", 0.5}}, 1, "fork of former", true});
  const auto told = to_json(e);
  CHECK(told.at("known").as_bool());
  CHECK(std::get<event_kind::trial_added>(event_from_json(told).body).known);
  std::get<event_kind::trial_added>(e.body).known = false;
  CHECK_FALSE(to_json(e).contains("known"));
  CHECK_FALSE(std::get<event_kind::trial_added>(event_from_json(to_json(e)).body).known);
}
