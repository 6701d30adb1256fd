#include "cli/view_state.hpp"
#include "sample_study.hpp"
#include "views/varying_parameters.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// A state and the events that it is given.
struct seen_study {
  explicit seen_study(const study& s = cifar()) : state{s} { state.apply(events.began()); }

  void run(double from, double to, trial_number n, double loss) {
    state.apply(events.added(from, n));
    state.apply(events.started(from, n));
    state.apply(events.reported(to, n, 1, {{"loss", loss}}));
    state.apply(events.ended(to, n, trial_state::completed));
  }

  void start(double s, trial_number n) {
    state.apply(events.added(s, n));
    state.apply(events.started(s, n));
  }

  journal events;
  view_state state;
};

} // namespace

TEST_CASE("only parameters whose domain is no constant vary") {
  CHECK(varying_parameters(cifar().space) == std::vector<std::string>{"lr", "l1"});
}

TEST_CASE("trials are counted by the state that they are in") {
  seen_study w;
  w.state.apply(w.events.added(0, 0));
  CHECK(w.state.count(trial_state::pending) == 1);
  w.state.apply(w.events.started(0, 0));
  w.start(0, 1);
  CHECK(w.state.count(trial_state::pending) == 0);
  CHECK(w.state.running() == std::set<trial_number>{0, 1});
  w.state.apply(w.events.paused(1, 1));
  w.state.apply(w.events.ended(1, 0, trial_state::stopped, "asha"));
  CHECK(w.state.count(trial_state::running) == 0);
  CHECK(w.state.count(trial_state::paused) == 1);
  CHECK(w.state.count(trial_state::stopped) == 1);
  CHECK(w.state.done() == 1);
  CHECK(w.state.trial(0).reason == "asha");
}

TEST_CASE("what waits to be saved is what is kept, by the metric that it is kept by") {
  auto s = cifar();
  s.keep_best = s.keep_last = 1;
  s.keep_by = objective{"accuracy", direction::max};
  seen_study w{s};
  w.start(0, 0);
  w.state.apply(w.events.reported_with(1, 0, 0, 1.0, 0.9));
  w.state.apply(w.events.reported_with(2, 0, 1, 0.5, 0.5));
  w.state.apply(w.events.reported_with(3, 0, 2, 0.7, 0.1));
  CHECK(w.state.unsaved() == 2);
  w.state.apply(w.events.saved(4, 0, 0));
  CHECK(w.state.unsaved() == 1);
}

TEST_CASE("a trial that is tried again is pending, and done only once") {
  seen_study w;
  w.start(0, 0);
  w.state.apply(w.events.failed(1, 0, "bad luck", true));
  CHECK(w.state.count(trial_state::pending) == 1);
  CHECK(w.state.done() == 0);
  w.state.apply(w.events.started(2, 0, 3));
  CHECK(w.state.trial(0).iteration == 3);
  w.state.apply(w.events.failed(3, 0, "worse luck", false));
  w.state.apply(w.events.ended(3, 0, trial_state::failed, "worse luck"));
  CHECK(w.state.count(trial_state::failed) == 1);
  CHECK(w.state.done() == 1);
}

TEST_CASE("a trial shows the parameters that vary, shortened") {
  seen_study w;
  w.state.apply(w.events.added(
      0, 0, {{"lr", 0.0027624906698231976}, {"l1", "a name of many\x1b[31m letters"}}));
  const std::vector<std::string> shown{"lr=0.00276", "l1=a name of many?…"};
  CHECK(w.state.trial(0).parameters == shown);
}

TEST_CASE("a trial that has taken over shows its new parameters") {
  seen_study w;
  w.start(0, 1);
  w.state.apply(w.events.exploited(1, 1, {{"lr", 0.5}, {"l1", 16}}));
  CHECK(w.state.trial(1).parameters == std::vector<std::string>{"lr=0.5", "l1=16"});
}

TEST_CASE("the best trial is that with the best last report, the lowest id on ties") {
  seen_study w;
  CHECK_FALSE(w.state.best());
  for (const trial_number n : {0u, 1u, 2u})
    w.start(0, n);
  w.state.apply(w.events.reported(1, 2, 1, {{"loss", 0.5}}));
  w.state.apply(w.events.reported(1, 1, 1, {{"loss", 0.5}}));
  CHECK(w.state.best() == best_view{1, 0.5, 1});
  w.state.apply(w.events.reported(2, 1, 2, {{"loss", 0.9}}));
  CHECK(w.state.best() == best_view{2, 0.5, 1});
}

TEST_CASE("the best trial may change when it fails, or turns to NaN") {
  seen_study w;
  for (const trial_number n : {0u, 1u, 2u})
    w.start(0, n);
  w.state.apply(w.events.reported(1, 0, 1, {{"loss", 0.1}}));
  w.state.apply(w.events.reported(1, 1, 1, {{"loss", 0.2}}));
  w.state.apply(w.events.reported(1, 2, 1, {{"loss", 0.3}}));
  w.state.apply(w.events.reported(2, 0, 2, {{"loss", std::numeric_limits<double>::quiet_NaN()}}));
  CHECK(w.state.best()->number == 1);
  w.state.apply(w.events.ended(3, 1, trial_state::failed, "out of memory"));
  CHECK(w.state.best()->number == 2);
}

TEST_CASE("more is better where the study says so") {
  study s = cifar();
  s.metric = "accuracy";
  s.mode = direction::max;
  seen_study w{s};
  for (const trial_number n : {0u, 1u})
    w.start(0, n);
  w.state.apply(w.events.reported(1, 0, 1, {{"loss", 1}, {"accuracy", 0.2}}));
  w.state.apply(w.events.reported(1, 1, 1, {{"loss", 2}, {"accuracy", 0.6}}));
  CHECK(w.state.best() == best_view{1, 0.6, 1});
}

TEST_CASE("progress belongs to the iteration that runs") {
  seen_study w;
  w.start(0, 0);
  w.state.progress(0, 0.5);
  CHECK(w.state.trial(0).fraction == 0.5);
  w.state.progress(0, 7);
  CHECK(w.state.trial(0).fraction == 1);
  w.state.apply(w.events.reported(1, 0, 1, {{"loss", 1}}));
  CHECK(w.state.trial(0).fraction == 0);
  w.state.apply(w.events.ended(1, 0, trial_state::completed));
  w.state.progress(0, 0.5); // came late
  CHECK(w.state.trial(0).fraction == 0);
}

TEST_CASE("nothing is estimated before a trial has ended") {
  seen_study w;
  w.start(0, 0);
  CHECK_FALSE(w.state.time_left(at(100)));
  w.state.apply(w.events.ended(100, 0, trial_state::interrupted));
  CHECK_FALSE(w.state.time_left(at(100)));
}

TEST_CASE("the time left is that of the trials that run and of those to come, side by side") {
  seen_study w;
  w.start(0, 0);
  w.start(0, 1);
  w.state.apply(w.events.ended(30, 0, trial_state::completed));
  w.state.apply(w.events.ended(50, 1, trial_state::stopped));
  w.start(50, 2);
  // Mean 40 s; trial 2 has run for 10 s; 7 trials are to come, 2 at once: (30 + 7 x 40) / 2.
  const auto e = w.state.time_left(at(60));
  REQUIRE(e);
  CHECK(e->left == seconds{155});
  CHECK(e->basis == "mean of 2 trials");
}

TEST_CASE("the last trial takes its own time, however many ran before") {
  study s = cifar();
  s.num_samples = 3;
  seen_study w{s};
  w.state.apply(w.events.began("cifar10", 3));
  w.start(0, 0);
  w.start(0, 1);
  w.state.apply(w.events.ended(40, 0, trial_state::completed));
  w.state.apply(w.events.ended(40, 1, trial_state::completed));
  w.start(40, 2);
  CHECK(w.state.time_left(at(50))->left == seconds{30});
  CHECK_FALSE(w.state.time_left(at(90))); // it has outlived the others
}

TEST_CASE("a trial that has outlived the mean is taken to last as long as the longest") {
  study s = cifar();
  seen_study w{s};
  w.state.apply(w.events.began("cifar10", 3));
  w.run(0, 10, 0, 1);
  w.run(10, 60, 1, 1);
  w.start(60, 2);
  CHECK(w.state.time_left(at(95))->left == seconds{15});
}

TEST_CASE("the time between a trial's attempts does not count") {
  seen_study w;
  w.state.apply(w.events.began("cifar10", 2));
  w.start(0, 0);
  w.state.apply(w.events.paused(10, 0));
  w.state.apply(w.events.started(1000, 0, 1));
  w.state.apply(w.events.ended(1010, 0, trial_state::completed));
  CHECK(w.state.time_left(at(1010))->left == seconds{20});
}

TEST_CASE("a time budget bounds the estimate") {
  study s = cifar();
  s.time_budget_s = 100;
  seen_study w{s};
  w.run(0, 40, 0, 1);
  const auto e = w.state.time_left(at(70));
  CHECK(e->left == seconds{30});
  CHECK(e->basis == "time budget");
  CHECK(w.state.time_left(at(170))->left == seconds{0});
}

TEST_CASE("a study that winds up waits for its running trials alone") {
  seen_study w;
  w.run(0, 40, 0, 1);
  w.start(40, 1);
  w.state.apply(w.events.stopping(50, "interrupted by Ctrl-C"));
  CHECK(w.state.stopping() == "interrupted by Ctrl-C");
  CHECK(w.state.time_left(at(50))->left == seconds{30});
}

TEST_CASE("time stands still once the study has ended") {
  view_state s{cifar()};
  CHECK(s.elapsed(at(7)) == seconds{0});
  journal events;
  s.apply(events.began());
  CHECK(s.elapsed(at(7)) == seconds{7});
  CHECK(s.elapsed(at(-7)) == seconds{0});
  s.apply(events.over(9));
  CHECK(s.ended());
  CHECK(s.elapsed(at(1000)) == seconds{9});
}

TEST_CASE("a study may be seen_study from the middle on") {
  view_state s{cifar()};
  journal events;
  s.apply(events.reported(5, 3, 4, {{"loss", 0.5}}));
  s.apply(events.ended(6, 3, trial_state::completed));
  CHECK(s.count(trial_state::completed) == 1);
  CHECK(s.count(trial_state::pending) == 0);
  CHECK(s.best() == best_view{3, 0.5, 4});
}

TEST_CASE("with the scope all the best so far never gets worse") {
  auto s = cifar();
  s.scope = scope::all;
  seen_study w{s};
  w.start(0, 0);
  w.state.apply(w.events.reported(1, 0, 1, {{"loss", 0.5}}));
  w.state.apply(w.events.reported(2, 0, 2, {{"loss", 0.9}}));
  CHECK(w.state.best() == best_view{0, 0.5, 1});
  CHECK(w.state.trial(0).value == 0.9);
  w.state.apply(w.events.failed(3, 0, "bad luck", true));
  w.state.apply(w.events.started(3, 0));
  w.state.apply(w.events.reported(4, 0, 1, {{"loss", 0.7}}));
  CHECK(w.state.best() == best_view{0, 0.5, 1});
}

TEST_CASE("with a mean what a retried trial reports once more counts once") {
  auto s = cifar();
  s.scope = scope::avg;
  seen_study w{s};
  w.start(0, 0);
  w.state.apply(w.events.reported_with(1, 0, 0, 1));
  w.state.apply(w.events.reported(2, 0, 2, {{"loss", 9}}));
  CHECK(w.state.best() == best_view{0, 5, 2});
  w.state.apply(w.events.failed(3, 0, "bad luck", true));
  w.state.apply(w.events.started(3, 0, 1));
  w.state.apply(w.events.reported(4, 0, 2, {{"loss", 3}}));
  CHECK(w.state.best() == best_view{0, 2, 2});
}
