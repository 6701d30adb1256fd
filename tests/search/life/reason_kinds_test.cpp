#include "search/life/retry_wait.hpp"
#include "search/machine_kit.hpp"

#include <cmath>

using namespace troupe;

namespace {

/// What a trial has come to, and of which kind the reason is.
struct end_of {
  trial_state state;
  reason_kind kind;
  bool operator==(const end_of&) const = default;
};

end_of of(bench& b, trial_number n) {
  const auto t = b.summary(n);
  return {t.state, t.reason_kind};
}

end_of after_report(const study& s, const metrics& m) {
  bench b{s};
  const auto n = b.run();
  b.report(n, m);
  b.leave(n);
  return of(b, n);
}

} // namespace

TEST_CASE("of which kind a reason is: what a study's own rules say to a report") {
  auto s = small_study();
  s.stop = {{"loss", stop_rule::side::at_most, 0.1}};
  s.stoppers = {{"maximum_iteration", {{"max_iter", 1}}}};
  CHECK(after_report(s, {{"loss", 0.05}}) == end_of{trial_state::stopped, reason_kind::stop_rule});
  CHECK(after_report(s, {{"loss", 0.5}}) == end_of{trial_state::stopped, reason_kind::stopper});
  CHECK(after_report(s, {{"loss", std::nan("")}}) ==
        end_of{trial_state::stopped, reason_kind::diverged});
  CHECK(after_report(s, {{"los", 1}}) == end_of{trial_state::failed, reason_kind::bad_report});
  CHECK(after_report(small_study(), {{"loss", 1}}) ==
        end_of{trial_state::completed, reason_kind::none});
}

TEST_CASE("of which kind a reason is: what the scheduler says") {
  bench b;
  const auto pruned = b.run(), complete = b.run(), paused = b.run();
  for (const auto n : {pruned, complete, paused})
    b.report(n, {{"loss", 1}}, true);
  b.decide(pruned, verdict::stop);
  b.machine.decide(complete, 1,
                   {.verdict = verdict::stop, .reason = "", .reason_kind = reason_kind::max_t},
                   b.tick());
  b.decide(paused, verdict::pause);
  for (const auto n : {pruned, complete, paused})
    b.leave(n);
  CHECK(of(b, pruned) == end_of{trial_state::stopped, reason_kind::pruned});
  CHECK(of(b, complete) == end_of{trial_state::stopped, reason_kind::max_t});
  CHECK(of(b, paused) == end_of{trial_state::paused, reason_kind::none});
  b.machine.stop_paused(paused, {"nobody is left", reason_kind::stranded}, b.tick());
  CHECK(of(b, paused) == end_of{trial_state::stopped, reason_kind::stranded});
}

TEST_CASE("of which kind a reason is: how trials fail") {
  bench b;
  const auto silent = b.run(), late = b.run(), crashed = b.run();
  b.leave(silent);
  b.report(late, {{"loss", 1}});
  b.machine.expire(late, {"it has run for 5 s", reason_kind::time_limit}, b.tick());
  b.leave(late);
  b.machine.exited(crashed, 1, cause{"killed by SIGSEGV", reason_kind::signal}, b.tick());
  CHECK(of(b, silent) == end_of{trial_state::failed, reason_kind::no_report});
  CHECK(of(b, late) == end_of{trial_state::failed, reason_kind::time_limit});
  CHECK(of(b, crashed) == end_of{trial_state::failed, reason_kind::signal});
}

TEST_CASE("a trial that is tried again has the kind of its failure until it starts") {
  auto s = small_study();
  s.max_failures = 1;
  bench b{s};
  const auto n = b.run();
  b.machine.exited(n, 1, cause{"out of memory", reason_kind::out_of_memory}, b.tick());
  CHECK(of(b, n) == end_of{trial_state::pending, reason_kind::out_of_memory});
  b.machine.start(n, {}, b.tick());
  CHECK(of(b, n) == end_of{trial_state::running, reason_kind::none});
}

TEST_CASE("what ends a study is why its trials are interrupted") {
  bench b;
  const auto n = b.run();
  b.machine.wind_up({"time_budget_s is used up", reason_kind::time_budget},
                    trial_state::interrupted, b.tick());
  b.leave(n, "thrown on the way out");
  CHECK(of(b, n) == end_of{trial_state::interrupted, reason_kind::time_budget});
}

TEST_CASE("a trial that fails again and again waits longer each time, up to a minute") {
  CHECK(retry_wait_s(1) == 0);
  CHECK(retry_wait_s(2) == 1);
  CHECK(retry_wait_s(3) == 2);
  CHECK(retry_wait_s(7) == 32);
  CHECK(retry_wait_s(8) == 60);
  CHECK(retry_wait_s(4'000'000'000) == 60);

  auto s = small_study();
  s.max_failures = 5;
  bench b{s};
  const auto n = b.add();
  const auto started = [&] { return b.machine.start(n, {}, b.tick()).value().wait_s; };
  CHECK(started() == 0);
  b.leave(n, "boom");
  CHECK(started() == 0);
  b.leave(n, "boom");
  CHECK(started() == 1);
  b.report(n, {{"loss", 1}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  CHECK(started() == 0); // it goes on, and has not failed
  b.machine.put_back(n, b.machine.attempt_of(n), "given back", b.tick());
  CHECK(started() == 0);
  b.leave(n, "boom");
  CHECK(started() == 2);
}
