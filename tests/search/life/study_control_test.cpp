#include "search/course_kit.hpp"
#include "search/delayed_crew.hpp"
#include "search/life/journal_check.hpp"
#include "search/machine_kit.hpp"

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace troupe;

namespace {

constexpr auto paused_reason = "the study is paused";

/// Trains one trial after the other, each to its 9th report at most, for `most` reports. Meanwhile
/// somebody pauses the study at random and lets it go on.
void train_with_pauses(delayed_crew& crew, random_stream& chance, int most, bool pauses) {
  crew.course.begin(0);
  for (crew.settle(); most-- > 0 && !crew.ended(); crew.settle()) {
    if (pauses && chance.below(4) == 0) CHECK(crew.course.pause("somebody", 0).empty());
    if (pauses && chance.below(4) == 0) crew.some_answer(chance.below(3));
    if (crew.course.machine().paused() && (crew.running.empty() || chance.below(4) == 0))
      CHECK(crew.course.go_on(0).empty());
    crew.settle();
    if (crew.ended()) return;
    if (crew.running.empty()) {
      if (crew.course.machine().paused()) continue;
      return;
    }
    const auto [n, attempt] = *crew.running.begin();
    const int iteration = crew.course.machine().iterations_of(n) + 1;
    if (iteration <= 9) {
      crew.course.report(n, attempt, {{"loss", drawn_loss(n, iteration)}}, true, 1, 0);
      crew.settle();
      if (crew.answers.at(n) == verdict::proceed) continue;
    }
    crew.running.erase(n);
    crew.course.exited(n, attempt, std::nullopt, 0);
  }
}

/// What was reported, decided and ended, but for what a pause alone brings.
std::vector<std::string> decided_in(const std::vector<event_ptr>& journal) {
  std::vector<std::string> found;
  for (const auto& e : journal) {
    const auto* decided = std::get_if<event_kind::trial_decided>(&e->body);
    if (decided && decided->reason == paused_reason) continue;
    auto out = to_json(*e);
    for (const auto* key : {"seq", "time"})
      out.erase(key);
    if (decided || std::holds_alternative<event_kind::trial_reported>(e->body) ||
        std::holds_alternative<event_kind::trial_exploited>(e->body) ||
        std::holds_alternative<event_kind::trial_ended>(e->body))
      found.push_back(to_text(out));
  }
  return found;
}

void check_journal(const study& s, const std::vector<event_ptr>& journal) {
  study_state again{s, study_state::keeps_state::checkpoints};
  journal_check check;
  for (const auto& e : journal) {
    again.apply(*e);
    CHECK_NOTHROW(check.take(*e));
  }
}

std::size_t count_of(const std::vector<event_ptr>& journal, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count_if(journal, [&](const auto& e) { return kind(e->body) == name; }));
}

} // namespace

TEST_CASE("a study that is paused again and again decides as one that never was") {
  std::size_t held = 0;
  for (const std::string scheduler : {"fifo", "asha", "hyperband", "median", "optuna_median"}) {
    const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
    random_stream none{0, 0, "none"};
    delayed_crew undisturbed{s, 1};
    train_with_pauses(undisturbed, none, 5000, false);
    const auto expected = decided_in(undisturbed.journal);
    CHECK(expected.size() > 40);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      random_stream chance{seed, 0, "pauses"};
      delayed_crew crew{s, seed};
      train_with_pauses(crew, chance, 5000, true);
      CHECK(decided_in(crew.journal) == expected);
      held += count_of(crew.journal, "trial_held");
      check_journal(s, crew.journal);
    }
  }
  CHECK(held > 100);
}

TEST_CASE("a study that dies between pauses goes on with the same decisions") {
  for (const std::string scheduler : {"fifo", "asha", "hyperband", "optuna_median"}) {
    const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
    random_stream none{0, 0, "none"};
    delayed_crew undisturbed{s, 1};
    train_with_pauses(undisturbed, none, 5000, false);
    const auto expected = decided_in(undisturbed.journal);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      random_stream chance{seed, 0, "deaths"};
      auto crew = std::make_unique<delayed_crew>(s, seed);
      for (int deaths = 0; deaths < 4; ++deaths) {
        train_with_pauses(*crew, chance, 1 + static_cast<int>(chance.below(40)), true);
        auto left = crew->journal;
        if (crew->course.machine().finished()) break;
        crew = std::make_unique<delayed_crew>(s, seed + 100);
        crew->take_over(left);
        CHECK_FALSE(crew->course.machine().paused());
      }
      train_with_pauses(*crew, chance, 5000, true);
      CHECK(decided_in(crew->journal) == expected);
      check_journal(s, crew->journal);
    }
  }
}

TEST_CASE("whatever somebody does to a study, it ends with all slots given back") {
  std::set<std::string_view> seen;
  for (const std::string scheduler :
       {"fifo", "asha", "hyperband", "median", "pbt", "resource_changing"})
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
      delayed_crew crew{s, seed};
      crew.free = 3;
      random_stream random{seed, 0, "world"};
      auto& course = crew.course;
      course.begin(0);
      const auto any_trial = [&] { return static_cast<trial_number>(random.below(40)); };
      for (int steps = 0; !crew.ended(); ++steps) {
        crew.some_answer(random.below(4));
        crew.let_one_train(random);
        if (random.below(30) == 0) course.pause("somebody", 0);
        if (random.below(10) == 0) course.go_on(0);
        if (random.below(60) == 0) course.stop(any_trial(), "by hand", 0);
        if (random.below(20) == 0) course.retry_failed(any_trial(), 0);
        if (random.below(60) == 0 && course.machine().next_number() < course.machine().total())
          course.add({{"x", 0.5}}, "somebody", 0, study_course::addition::within);
        if (random.below(60) == 0) {
          auto limits = limits_of(course.machine().subject());
          limits.num_samples = 20 + random.below(30);
          limits.max_concurrent = 1 + random.below(4);
          course.change_limits(limits, "somebody", 0);
        }
        if (steps == 2000) course.wind_up("it takes too long", trial_state::interrupted, 0);
        REQUIRE(steps < 4000);
      }
      crew.settle();
      CHECK(crew.running.empty());
      CHECK(crew.free == 3);
      check_journal(s, crew.journal);
      for (const auto& e : crew.journal)
        seen.insert(kind(e->body));
      delayed_crew next{s, seed};
      CHECK_NOTHROW(next.take_over(crew.journal));
    }
  for (const auto* name :
       {"study_paused", "study_continued", "trial_held", "limits_changed", "trial_retried"}) {
    CAPTURE(name);
    CHECK(seen.contains(name));
  }
}

TEST_CASE("a trial leaves a paused study with its next checkpoint, and not without") {
  bench b;
  const auto n = b.run();
  b.machine.pause_study("somebody", b.tick());
  CHECK_FALSE(b.machine.wants_slot());
  CHECK_FALSE(b.machine.wants_trial(5));
  b.report(n, {{"loss", 0.5}});
  CHECK(b.decide(n, verdict::proceed) == verdict::proceed); // it would lose its work
  b.report(n, {{"loss", 0.4}}, true);
  CHECK(b.decide(n, verdict::proceed) == verdict::pause);
  CHECK(b.leave(n) == study_machine::exit_kind::held);
  CHECK(b.summary(n).state == trial_state::pending);
  CHECK(b.summary(n).reason == paused_reason);
  CHECK(b.machine.returning() == std::set{n});
  CHECK_FALSE(b.machine.finished());
  b.machine.go_on(b.tick());
  const auto order = b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 2);
  CHECK(b.summary(n).reason.empty());
  CHECK(b.report(n, {{"loss", 0.3}}, true).recorded);
  CHECK(b.summary(n).iterations == 3);
}

TEST_CASE("what a scheduler says holds, though the study is paused") {
  bench b;
  const auto stopped = b.run(), paused = b.run();
  b.machine.pause_study("somebody", b.tick());
  for (const auto n : {stopped, paused})
    b.report(n, {{"loss", 0.5}}, true);
  CHECK(b.decide(stopped, verdict::stop) == verdict::stop);
  CHECK(b.decide(paused, verdict::pause) == verdict::pause);
  b.leave(stopped);
  b.leave(paused);
  CHECK(b.summary(stopped).state == trial_state::stopped);
  CHECK(b.summary(paused).state == trial_state::paused);
}

TEST_CASE("a trial that has been told to leave may still be stopped, fail, or be interrupted") {
  bench b;
  const auto n = b.run();
  b.machine.pause_study("somebody", b.tick());
  b.report(n, {{"loss", 0.5}}, true);
  CHECK(b.decide(n, verdict::proceed) == verdict::pause);
  SUBCASE("stopped") {
    CHECK(b.machine.stop(n, {"by hand"}, b.tick()));
    b.leave(n);
    CHECK(b.summary(n).state == trial_state::stopped);
  }
  SUBCASE("failed") {
    CHECK(b.leave(n, "boom") == study_machine::exit_kind::ended);
    CHECK(b.summary(n).state == trial_state::failed);
  }
  SUBCASE("interrupted before it leaves") {
    b.machine.wind_up({"Ctrl-C"}, trial_state::interrupted, b.tick());
    b.leave(n);
    CHECK(b.summary(n).state == trial_state::interrupted);
  }
  SUBCASE("interrupted when it has left") {
    b.leave(n);
    b.machine.wind_up({"Ctrl-C"}, trial_state::interrupted, b.tick());
    CHECK(b.summary(n).state == trial_state::interrupted);
    CHECK(b.machine.finished());
  }
  SUBCASE("its process dies") {
    b.machine.resume({}, false, b.tick());
    CHECK(b.machine.returning() == std::set{n});
    CHECK_FALSE(b.machine.paused());
  }
  check_journal(small_study(), b.journal);
}
