#include "search/course_kit.hpp"
#include "search/delayed_crew.hpp"
#include "search/life/journal_check.hpp"

#include <sstream>
#include <string>
#include <vector>

using namespace troupe;

namespace {

/// Trains one trial after the other, each to its 9th report at most, until nothing wants to run.
std::string trained_with_delays(const study& s, std::uint64_t seed) {
  delayed_crew crew{s, seed};
  crew.course.begin(0);
  for (crew.settle(); !crew.running.empty(); crew.settle()) {
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
  CHECK(crew.course.machine().finished());
  CHECK(crew.free == 1);
  return text_of(crew.journal, 0);
}

/// The same, where all answers come at once.
std::string trained_at_once(const study& s) {
  observed_course one{s};
  one.course.begin(0);
  std::uint64_t leases = 0;
  while (const auto started = one.course.place({++leases, 1, 0, 0, {}}, 0)) {
    const auto [n, order] = *started;
    one.course.add_trials(0);
    for (int iteration = order.from_iteration + 1; iteration <= 9; ++iteration) {
      const auto a =
          one.course.report(n, order.attempt, {{"loss", drawn_loss(n, iteration)}}, true, 1, 0);
      if (a.verdict != verdict::proceed) break;
    }
    one.course.exited(n, order.attempt, std::nullopt, 0);
  }
  one.course.end(0);
  return text_of(one.journal, 0);
}

/// The lines of `journal` that tell of decisions and ends, without their numbers, whose order among
/// the additions of further trials depends on who is quicker.
std::vector<std::string> decisions_in(const std::string& journal) {
  std::vector<std::string> found;
  std::istringstream lines{journal};
  for (std::string line; std::getline(lines, line);)
    if (line.find("trial_reported") != std::string::npos ||
        line.find("trial_decided") != std::string::npos ||
        line.find("trial_ended") != std::string::npos)
      found.push_back(line.substr(line.find("\"trial\"")));
  return found;
}

/// Has six trials to suggest, then nothing before all of them have ended; suggests how many were
/// stopped before.
class in_batches final : public searcher {
public:
  suggestion suggest(trial_number n) override {
    if (n >= ended_ + 6 || (n % 6 == 0 && n > ended_)) return not_now{};
    return config{{"x", stopped_}, {"k", 1}, {"c", "a"}};
  }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override { ++ended_; }
  void stopped(trial_number n, const std::optional<outcome>& last) override {
    ++stopped_;
    complete(n, last);
  }

private:
  trial_number ended_ = 0, stopped_ = 0;
};

/// A study's scheduler, which notes who has left it and how.
class noting final : public correctable_scheduler {
public:
  explicit noting(const study& s) : judge_{make_correctable_scheduler(s)} {}

  void added(trial_number n) override { judge_->added(n); }
  decision reported(trial_number n, const result& r) override { return judge_->reported(n, r); }
  void completed(trial_number n, const std::optional<result>& last) override {
    notes.push_back("completed " + trial_id(n));
    judge_->completed(n, last);
  }
  void failed(trial_number n) override { judge_->failed(n); }
  void removed(trial_number n) override {
    notes.push_back("removed " + trial_id(n));
    judge_->removed(n);
  }
  std::optional<trial_number> choose() override { return judge_->choose(); }
  void correct(trial_number n, trial_state state) override { judge_->correct(n, state); }

  std::vector<std::string> notes;

private:
  std::unique_ptr<correctable_scheduler> judge_;
};

} // namespace

TEST_CASE("searchers remember what they suggested before") {
  for (const auto* p : searcher_plugins())
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      if (p->name == "grid" || p->name == "concurrency_limiter" || p->name == "repeater") continue;
      const std::string searcher{p->name};
      CAPTURE(searcher);
      CAPTURE(seed);
      check_taken_over(
          parsed(R"({"name": ")" + searcher + "\"}", R"({"name": "asha", "max_t": 9})"), seed,
          60 + static_cast<int>(seed * 31));
    }
}

TEST_CASE("a study that others have added trials to is taken over as it was") {
  for (const auto* p : searcher_plugins())
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      if (p->name == "grid" || p->name == "concurrency_limiter" || p->name == "repeater") continue;
      const std::string searcher{p->name};
      CAPTURE(searcher);
      CAPTURE(seed);
      check_taken_over(
          parsed(R"({"name": ")" + searcher + "\"}", R"({"name": "asha", "max_t": 9})"), seed,
          60 + static_cast<int>(seed * 31), true);
    }
}

TEST_CASE("what a searcher suggests does not depend on the trials that others add") {
  const auto s = parsed(R"({"name": "random"})", R"({"name": "fifo"})");
  observed_course plain{s}, added_to{s};
  const auto suggested = [](observed_course& one, bool add) {
    one.course.begin(0);
    std::vector<config> found;
    for (std::uint64_t i = 1; const auto started = one.course.place({i, 1, 0, 0, {}}, 0); ++i) {
      const auto [n, order] = *started;
      if (add && i % 3 == 0 && i < 60) one.course.add({{"x", 2}}, "somebody", 0);
      one.course.finish(n, order.attempt, {{"loss", 0.5}}, 1, 0);
      const auto& c = one.course.machine().config_of(n);
      if (c.at("x") != 2) found.push_back(c);
    }
    return found;
  };
  const auto expected = suggested(plain, false);
  CHECK(expected.size() == 40);
  CHECK(suggested(added_to, true) == expected);
}

TEST_CASE("trials decide the same whether those who are asked answer at once or later") {
  for (const std::string scheduler : {"fifo", "asha", "hyperband", "median", "optuna_median"}) {
    const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
    CAPTURE(scheduler);
    const auto expected = decisions_in(trained_at_once(s));
    CHECK(expected.size() > 40);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(seed);
      CHECK(decisions_in(trained_with_delays(s, seed)) == expected);
    }
  }
}

TEST_CASE("whatever happens and whoever is slow, a study ends with all slots given back") {
  for (const std::string scheduler :
       {"fifo", "asha", "hyperband", "median", "pbt", "resource_changing"})
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
      delayed_crew crew{s, seed};
      crew.free = 3;
      random_stream random{seed, 0, "world"};
      crew.course.begin(0);
      int steps = 0;
      for (; !crew.ended(); ++steps) {
        crew.some_answer(random.below(4));
        crew.let_one_train(random);
        if (random.below(60) == 0)
          crew.course.stop(static_cast<trial_number>(random.below(40)), "by hand", 0);
        if (random.below(60) == 0) crew.course.add({{"x", 0.5}}, "somebody", 0);
        if (steps == 2000) crew.course.wind_up("it takes too long", trial_state::interrupted, 0);
        REQUIRE(steps < 4000);
      }
      crew.settle();
      CHECK(crew.running.empty());
      CHECK(crew.answers.empty());
      CHECK(crew.free == 3);
      for (const auto& t : crew.course.machine().results().trials)
        CHECK((is_final(t.state) || crew.course.machine().winding_up()));
      study_state again{s, study_state::keeps_state::checkpoints};
      journal_check check;
      for (const auto& e : crew.journal) {
        again.apply(*e);
        CHECK_NOTHROW(check.take(*e));
      }
      CHECK(again.finished());
    }
}

TEST_CASE("a study that is taken over after trials were stranded decides as before") {
  // The searcher has one batch to suggest, then nothing before all of them have ended: those that
  // wait for a promotion which cannot come are ended, and more trials follow.
  auto s = parsed(R"({"name": "random"})",
                  R"({"name": "asha", "max_t": 9, "reduction_factor": 3,
                      "variant": "promotion"})");
  s.num_samples = 60;

  const auto train = [](direct_course& course, std::uint64_t& leases, int most) {
    for (int i = 0; i < most; ++i) {
      const auto started = course.place({++leases, 1, 0, 0, {}}, 0);
      if (!started) return;
      const auto [n, order] = *started;
      for (int iteration = order.from_iteration + 1;; ++iteration) {
        const auto a =
            course.report(n, order.attempt, {{"loss", drawn_loss(n, iteration)}}, true, 1, 0);
        if (a.verdict != verdict::proceed) break;
      }
      course.exited(n, order.attempt, std::nullopt, 0);
    }
  };

  bool some_were_stranded = false;
  for (int steps = 5; steps < 60; steps += 3) {
    CAPTURE(steps);
    std::vector<event_ptr> first, second;
    noting d1{s}, d2{s};
    in_batches s1, s2;
    direct_course live{s, d1, s1, [&](const event_ptr& e) { first.push_back(e); }};
    direct_course restored{s, d2, s2, [&](const event_ptr& e) { second.push_back(e); }};
    std::uint64_t leases = 0;
    live.begin(0);
    train(live, leases, steps);
    const auto known = first.size();
    for (const auto& e : first)
      restored.restore(*e);
    some_were_stranded |= text_of(first, 0).find("nobody else is left") != std::string::npos;
    auto same_leases = leases;
    train(live, leases, 100);
    train(restored, same_leases, 100);
    CHECK(text_of(second, 0) == text_of(first, known));
    CHECK(d2.notes == d1.notes);
  }
  CHECK(some_were_stranded);
}
