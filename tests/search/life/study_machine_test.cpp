#include "search/machine_kit.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace troupe;

TEST_CASE("a trial that returns by itself has completed") {
  bench b;
  const auto n = b.run();
  const auto outcome = b.report(n, {{"loss", 0.5}, {"accuracy", 0.9}});
  CHECK(outcome.ask_scheduler);
  CHECK(outcome.result.time == 1);
  CHECK(outcome.result.value == 0.5);
  CHECK(b.decide(n, verdict::proceed) == verdict::proceed);
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::completed);
  CHECK(b.summary(n).iterations == 1);
  CHECK(b.summary(n).wall_s == 0.5);
}

TEST_CASE("a trial that the scheduler stops is stopped, with the scheduler's reason") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}});
  CHECK(b.decide(n, verdict::stop, "asha: too slow") == verdict::stop);
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::stopped);
  CHECK(b.summary(n).reason == "asha: too slow");
}

TEST_CASE("a study's stop rules end a trial without asking the scheduler") {
  auto s = small_study();
  s.stop = {{"accuracy", stop_rule::side::at_least, 0.9}, {"training_iteration", {}, 3}};
  bench b{s};
  const auto n = b.run(), m = b.run();
  const auto outcome = b.report(n, {{"loss", 0.5}, {"accuracy", 0.95}});
  CHECK_FALSE(outcome.ask_scheduler);
  CHECK(outcome.verdict == verdict::stop);
  b.leave(n);
  CHECK(b.summary(n).reason == "stop: accuracy 0.95 >= 0.9");
  for (int i = 1; i <= 2; ++i)
    CHECK(b.report(m, {{"loss", 0.5}}).ask_scheduler);
  CHECK_FALSE(b.report(m, {{"loss", 0.5}}).ask_scheduler);
  b.leave(m);
  CHECK(b.summary(m).reason == "stop: training_iteration 3.0 >= 3.0");
}

TEST_CASE("a trial whose metric becomes nan is stopped, and never the best") {
  bench b;
  const auto n = b.run(), m = b.run();
  const auto outcome = b.report(n, {{"loss", std::nan("")}});
  CHECK_FALSE(outcome.ask_scheduler);
  CHECK(outcome.verdict == verdict::stop);
  b.leave(n);
  CHECK(b.summary(n).state == trial_state::stopped);
  CHECK(b.summary(n).reason == "loss is nan: the training has diverged");
  b.report(m, {{"loss", std::numeric_limits<double>::infinity()}});
  b.leave(m);
  CHECK(b.machine.results().best == m);
}

TEST_CASE("a report without the study's metric fails the trial and names what it had") {
  bench b;
  const auto n = b.run();
  const auto outcome = b.report(n, {{"val_loss", 0.5}, {"accuracy", 0.9}});
  CHECK(outcome.verdict == verdict::stop);
  CHECK_FALSE(outcome.ask_scheduler);
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::failed);
  CHECK(b.summary(n).reason == "report 1 has no metric \"loss\", which the study is judged by; it "
                               "has: val_loss, accuracy");
}

TEST_CASE("a function that returns without a report has failed") {
  bench b;
  const auto n = b.run();
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::failed);
  CHECK(b.summary(n).reason == "returned without a report of \"loss\"");
}

TEST_CASE("a failed trial is tried again from its last checkpoint, max_failures times") {
  auto s = small_study();
  s.max_failures = 1;
  bench b{s};
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.report(n, {{"loss", 0.4}});
  CHECK(b.leave(n, "boom\nbacktrace") == study_machine::exit_kind::retried);
  CHECK(b.summary(n).state == trial_state::pending);
  CHECK(b.machine.wants_slot());
  const auto again = b.machine.start(n, {}, b.tick());
  REQUIRE(again);
  CHECK(again->attempt == 2);
  CHECK(again->from_iteration == 1);
  CHECK(b.report(n, {{"loss", 0.45}}).result.time == 2);
  CHECK(b.leave(n, "boom\nbacktrace") == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::failed);
  CHECK(b.summary(n).reason == "boom");
}

TEST_CASE("a report without the time fails the trial if the scheduler requires it") {
  auto s = small_study();
  s.scheduler = {"pbt", {{"time_attr", "epoch"}, {"require_attrs", true}}};
  bench b{s};
  const auto n = b.run();
  CHECK(b.report(n, {{"loss", 0.5}, {"epoch", 3}}).ask_scheduler);
  CHECK(b.report(n, {{"loss", 0.5}}).verdict == verdict::stop);
  b.leave(n);
  CHECK(b.summary(n).state == trial_state::failed);
  CHECK(b.summary(n).reason == "report 2 has no \"epoch\", by which the scheduler tells the time; "
                               "it has: loss");
}

TEST_CASE("messages of an attempt that is over change nothing") {
  auto s = small_study();
  s.max_failures = 1;
  bench b{s};
  const auto n = b.run();
  b.leave(n, "boom");
  b.machine.start(n, {}, b.tick());
  const auto events = b.journal.size();
  const auto outcome = b.machine.report(n, 1, {{"loss", 0.1}}, false, 0.5, b.tick());
  CHECK_FALSE(outcome.recorded);
  CHECK(outcome.verdict == verdict::stop);
  CHECK(b.machine.exited(n, 1, "late", b.tick()) == study_machine::exit_kind::stale);
  CHECK(b.journal.size() == events);
}

TEST_CASE(
    "a decision that comes after the trial was told to end is dropped, and that is recorded") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}});
  b.machine.wind_up("a stopper says so", trial_state::stopped, b.tick());
  CHECK(b.decide(n, verdict::pause) == verdict::stop);
  const auto& last = std::get<event_kind::trial_decided>(b.journal.back()->body);
  CHECK(last.dropped);
  b.leave(n);
  CHECK(b.summary(n).reason == "a stopper says so");
}

TEST_CASE("a decision that comes after an interruption holds: it is gone on with") {
  bench b;
  const auto stopped = b.run(), paused = b.run(), proceeds = b.run();
  for (const auto n : {stopped, paused, proceeds})
    b.report(n, {{"loss", 0.5}}, true);
  b.machine.wind_up("interrupted", trial_state::interrupted, b.tick());
  CHECK(b.decide(stopped, verdict::stop) == verdict::stop);
  CHECK(b.decide(paused, verdict::pause) == verdict::stop);
  CHECK(b.decide(proceeds, verdict::proceed) == verdict::stop);
  for (const auto n : {stopped, paused, proceeds})
    b.leave(n);
  CHECK(b.summary(stopped).state == trial_state::stopped);
  CHECK(b.summary(paused).state == trial_state::paused);
  CHECK(b.summary(proceeds).state == trial_state::interrupted);
}

TEST_CASE("an interrupted study starts nothing more, and leaves no trial running") {
  bench b;
  const auto n = b.run();
  const auto waiting = b.add();
  CHECK(b.machine.wind_up("by hand", trial_state::interrupted, b.tick()) == std::vector{n});
  CHECK(b.machine.wind_up("again", trial_state::interrupted, b.tick()).empty());
  CHECK_FALSE(b.machine.wants_slot());
  CHECK_FALSE(b.machine.wants_trial(1));
  CHECK_FALSE(b.machine.start(waiting, {}, b.tick()));
  CHECK_FALSE(b.machine.finished());
  b.leave(n, "it threw while it ended");
  CHECK(b.machine.finished());
  CHECK(b.summary(n).reason == "by hand; then: it threw while it ended");
  CHECK(b.summary(waiting).state == trial_state::pending);
  CHECK(b.machine.results().interrupted == "by hand");
}

TEST_CASE("a failure while the study winds up is not tried again") {
  auto s = small_study();
  s.max_failures = 5;
  bench b{s};
  const auto n = b.run();
  b.report(n, {{"accuracy", 1}});
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::failed);
}

TEST_CASE("no more trials run at once than max_concurrent") {
  auto s = small_study();
  s.max_concurrent = 1;
  bench b{s};
  const auto n = b.run();
  b.add();
  CHECK_FALSE(b.machine.wants_slot());
  b.report(n, {{"loss", 1}});
  b.leave(n);
  CHECK(b.machine.wants_slot());
}

TEST_CASE("a study is finished when all its trials are") {
  bench b;
  for (int i = 0; i < 3; ++i) {
    CHECK(b.machine.wants_trial(1));
    const auto n = b.run();
    b.report(n, {{"loss", 1.0 - i}});
    CHECK_FALSE(b.machine.finished());
    b.leave(n);
  }
  CHECK_FALSE(b.machine.wants_trial(1));
  CHECK(b.machine.finished());
  b.machine.end(b.tick());
  CHECK(std::get<event_kind::study_ended>(b.journal.back()->body).best == 2u);
}

TEST_CASE("a study with a searcher that has nothing left is finished early") {
  bench b;
  const auto n = b.run();
  b.machine.searcher_exhausted();
  CHECK_FALSE(b.machine.wants_trial(1));
  b.report(n, {{"loss", 1}});
  b.leave(n);
  CHECK(b.machine.finished());
}

TEST_CASE("of equal trials the first is the best, and failed ones never are") {
  bench b;
  for (int i = 0; i < 3; ++i) {
    const auto n = b.run();
    b.report(n, {{"loss", i == 0 ? 0.1 : 0.5}});
    b.leave(n, i == 0 ? std::optional<std::string>{"boom"} : std::nullopt);
  }
  CHECK(b.machine.results().best == 1u);
}

TEST_CASE("the journal of a random study rebuilds its state") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    random_stream random{seed, 0, "study"};
    auto s = small_study();
    s.num_samples = 6;
    s.max_failures = static_cast<std::uint32_t>(random.below(3));
    s.stop = {{"training_iteration", stop_rule::side::at_least, 5}};
    bench b{s};
    for (int step = 0; step < 80; ++step) {
      if (b.machine.wants_trial(2)) b.add();
      const auto n = static_cast<trial_number>(random.below(b.machine.next_number()));
      switch (random.below(9)) {
      case 8: {
        const auto donor = static_cast<trial_number>(random.below(b.machine.next_number()));
        b.machine.take_over({n, donor, {{"x", random.uniform()}}}, b.tick());
        b.machine.resize({donor, {1 + random.uniform(), 0, 0}}, b.tick());
        break;
      }
      case 0:
        if (b.machine.wants_slot()) b.machine.start(n, {}, b.tick());
        break;
      case 1:
        b.leave(n, random.below(2) ? std::optional<std::string>{"boom"} : std::nullopt);
        break;
      case 2:
        if (random.below(30) == 0) b.machine.wind_up("enough", trial_state::interrupted, b.tick());
        break;
      default:
        if (b.machine.state_of(n) != trial_state::running) break;
        if (b.report(n, {{"loss", random.uniform()}}, random.below(2) == 0).ask_scheduler)
          b.decide(n, static_cast<verdict>(random.below(3)));
      }
    }
    study_machine again{s, [](const event_ptr&) { FAIL("applying must not emit"); }};
    for (const auto& e : b.journal)
      again.apply(*e);
    const auto want = b.machine.results(), got = again.results();
    CHECK(got.best == want.best);
    REQUIRE(got.trials.size() == want.trials.size());
    for (std::size_t i = 0; i < want.trials.size(); ++i) {
      CHECK(got.trials[i].state == want.trials[i].state);
      CHECK(got.trials[i].reason == want.trials[i].reason);
      CHECK(got.trials[i].iterations == want.trials[i].iterations);
      CHECK(got.trials[i].last == want.trials[i].last);
      CHECK(got.trials[i].checkpoint == want.trials[i].checkpoint);
      CHECK(got.trials[i].best_checkpoint == want.trials[i].best_checkpoint);
      CHECK(got.trials[i].wall_s == want.trials[i].wall_s);
      CHECK(got.trials[i].config == want.trials[i].config);
      const auto n = static_cast<trial_number>(i);
      CHECK(again.config_of(n) == b.machine.config_of(n));
      CHECK(again.request_of(n) == b.machine.request_of(n));
    }
    CHECK(again.stranded(true) == b.machine.stranded(true));
    CHECK(again.wants_trial(2) == b.machine.wants_trial(2));
    CHECK(again.finished() == b.machine.finished());
    CHECK(again.wants_slot() == b.machine.wants_slot());
  }
}
