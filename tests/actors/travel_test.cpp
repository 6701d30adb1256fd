#include "actors/actor_kit.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>

#include <cmath>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// Sends `x` through CAF's binary form and back.
template <class T>
T travelled(caf::actor_system& system, T x) {
  caf::byte_buffer bytes;
  caf::binary_serializer out{system, bytes};
  REQUIRE(out.apply(x));
  T back;
  caf::binary_deserializer in{system, bytes};
  REQUIRE(in.apply(back));
  return back;
}

} // namespace

TEST_CASE("every event can travel to another node") {
  actor_bench bench;
  using namespace event_kind;
  const config c{{"x", 0.1}, {"nested", {{"k", {1, "a", nullptr}}}}};
  study_limits limits;
  limits.per_config = {{"cpu", {"x"}}};
  limits.custom = {{"license", 2}};
  const std::vector<event_body> bodies{
      study_started{"demo", 7},
      trial_added{c, 3, "me"},
      trial_started{2, 1, {4, 1.5, 0.25, 2, {0}}, "me"},
      trial_reported{3, {{"loss", std::nan("")}, {"acc", 0.1}}, 4, 0.25, 1.0 / 3},
      trial_decided{3, verdict::pause, "rung 4", trial_state::paused, true},
      trial_failed{1, "out of\nmemory", true},
      trial_paused{3, "others first"},
      trial_exploited{0, 1, 2, 0.5, c},
      trial_resized{{2, 0.5, 8, {{"license", 0.5}}}},
      trial_ended{trial_state::stopped, "enough"},
      study_stopping{"by hand", trial_state::interrupted},
      study_ended{5, ""},
      checkpoint_saved{4, 3},
      trial_leased{"9-00c0ffee", 600},
      study_resumed{limits, {3}},
      checkpoint_taken{4, 3, {{"loss", 0.5}}, 1.5},
      checkpoint_lost{4},
      choice_asked{},
      study_paused{"me"},
      study_continued{},
      trial_held{3},
      limits_changed{limits, "me"},
      trial_retried{},
  };
  CHECK(bodies.size() == std::variant_size_v<event_body>);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    CHECK(bodies[i].index() == i);
    const event sent{i + 1, 1'700'000'000'123'456'789, trial_number{5}, bodies[i]};
    CHECK(to_json(travelled(bench.system, sent)) == to_json(sent));
  }
  CHECK(travelled(bench.system, trial_progress{3, 0.5}).fraction == 0.5);
  CHECK(travelled(bench.system, stop_trial{3, "enough"}).reason == "enough");
  CHECK(travelled(bench.system, interrupt_study{"by hand"}).reason == "by hand");
  CHECK(travelled(bench.system, add_trial{c, "me"}).config == c);
  CHECK(travelled(bench.system, add_trial{c, "me", true}).within);
  CHECK(travelled(bench.system, pause_study{"me"}).by == "me");
  CHECK(travelled(bench.system, leaving_trials{3, 2}).without_checkpoint == 2);
  CHECK(travelled(bench.system, retry_trial{3}).number == 3);
  CHECK(travelled(bench.system, change_limits{7, {}, "me"}).num_samples == 7);
}

TEST_CASE("what a study came to can travel to another node") {
  actor_bench bench;
  study_results sent;
  sent.name = "demo";
  sent.metric = "loss";
  sent.trials = {{0,
                  trial_state::failed,
                  "boom",
                  reason_kind::error,
                  {{"x", 0.1}},
                  3,
                  {{"loss", HUGE_VAL}},
                  2,
                  1,
                  0.5},
                 {1, trial_state::interrupted, "", {}, {}, 0, {}, {}, {}, 0}};
  sent.trials[0].score = 0.25;
  sent.trials[0].best_report =
      std::make_shared<const past_report>(past_report{2, {{"loss", 0.25}}, {{"x", 0.2}}});
  sent.trials[0].scope_checkpoint = 1;
  sent.trial_name = "x{x}";
  sent.scope = scope::all;
  sent.best = 0;
  sent.pareto_front = {0, 1};
  sent.wall_s = 2.5;
  sent.interrupted = "by hand";
  sent.not_recorded = "the disk is full";
  sent.recorded = 7;
  sent.stuck = {1};
  const auto got = travelled(bench.system, sent);
  CHECK(got.name == sent.name);
  CHECK(got.metric == sent.metric);
  CHECK(got.trial_name == sent.trial_name);
  CHECK(got.scope == sent.scope);
  REQUIRE(got.trials.size() == 2);
  for (std::size_t n = 0; n < 2; ++n) {
    const auto &a = got.trials[n], &b = sent.trials[n];
    CHECK(a.number == b.number);
    CHECK(a.state == b.state);
    CHECK(a.reason == b.reason);
    CHECK(a.reason_kind == b.reason_kind);
    CHECK(a.config == b.config);
    CHECK(a.iterations == b.iterations);
    CHECK(a.last == b.last);
    CHECK(a.checkpoint == b.checkpoint);
    CHECK(a.best_checkpoint == b.best_checkpoint);
    CHECK(a.score == b.score);
    REQUIRE((a.best_report == nullptr) == (b.best_report == nullptr));
    CHECK(compared_metrics(a) == compared_metrics(b));
    CHECK(compared_config(a) == compared_config(b));
    CHECK(a.scope_checkpoint == b.scope_checkpoint);
    CHECK(a.wall_s == b.wall_s);
  }
  CHECK(got.best == sent.best);
  CHECK(got.pareto_front == sent.pareto_front);
  CHECK(got.wall_s == sent.wall_s);
  CHECK(got.interrupted == sent.interrupted);
  CHECK(got.not_recorded == sent.not_recorded);
  CHECK(got.recorded == sent.recorded);
  CHECK(got.stuck == sent.stuck);
}
