#include "search/simulation_kit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace troupe;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Trial n takes n + 1 seconds an epoch and reports the epoch, `epochs` times. It fails instead of
/// making the reports in `fails`, once each; or for ever.
class steady final : public learning_curve {
public:
  explicit steady(int epochs) : epochs_{epochs} {}

  std::unique_ptr<const training> begin(trial_number n, const config&) const override {
    starts.push_back(n);
    return std::make_unique<run>(*this, n);
  }

  mutable std::vector<trial_number> starts;
  mutable std::map<std::pair<trial_number, int>, int> failures; ///< How often, by trial and epoch.

private:
  class run final : public training {
  public:
    run(const steady& all, trial_number n) : all_{all}, n_{n} {}
    training_step next(const training_state& from) const override {
      const int epoch = from.iteration + 1;
      if (epoch > all_.epochs_) return {0, training_end{}};
      if (auto& left = all_.failures[{n_, epoch}]; left > 0) {
        --left;
        return {second, training_failure{"out of luck"}};
      }
      return {(n_ + 1) * second, training_report{{{"loss", double(epoch)}}, {epoch, 0}}};
    }

  private:
    const steady& all_;
    trial_number n_;
  };

  int epochs_;
};

/// Writes down what it is told, and does as it is told to.
class scripted final : public correctable_scheduler {
public:
  explicit scripted(std::ostringstream& log) : log_{log} {}

  void added(trial_number n) override {
    log_ << "added " << n << "; ";
    waiting_.push_back(n);
  }
  decision reported(trial_number n, const result& r) override {
    log_ << "reported " << n << " " << r.time << "; ";
    auto d = decisions[{n, int(r.time)}];
    if (d.verdict == verdict::pause) waiting_.push_back(n);
    for (const auto other : d.also_stop)
      std::erase(waiting_, other);
    return d;
  }
  void completed(trial_number n, const std::optional<result>& last) override {
    log_ << "completed " << n << " " << (last ? last->time : -1) << "; ";
  }
  void failed(trial_number n) override { log_ << "failed " << n << "; "; }
  void removed(trial_number) override { FAIL("nobody is removed"); }
  void correct(trial_number, trial_state) override { FAIL("nothing is restored"); }
  std::optional<trial_number> choose() override {
    log_ << "choose; ";
    if (waiting_.empty() || chooses_none) return std::nullopt;
    const auto n = waiting_.front();
    waiting_.erase(waiting_.begin());
    return n;
  }

  std::map<std::pair<trial_number, int>, decision> decisions; ///< By trial and time.
  bool chooses_none = false;

private:
  std::ostringstream& log_;
  std::vector<trial_number> waiting_;
};

/// Writes down what it is told; suggests nothing while more trials than `at_once` are open.
class cautious final : public searcher {
public:
  cautious(std::ostringstream& log, int at_once) : log_{log}, free_{at_once} {}

  suggestion suggest(trial_number n) override {
    log_ << "suggest " << n << "; ";
    if (n >= limit) return exhausted{};
    if (free_ == 0) return not_now{};
    --free_;
    return config{{"x", n}};
  }
  void observe(trial_number n, int iteration, const outcome& o) override {
    log_ << "observe " << n << " " << iteration << " " << o.values.at(0) << "; ";
  }
  void complete(trial_number n, const std::optional<outcome>& last) override {
    end("complete", n, last);
  }
  void stopped(trial_number n, const std::optional<outcome>& last) override {
    end("stopped", n, last);
  }

  trial_number limit = 1000;

private:
  void end(const char* how, trial_number n, const std::optional<outcome>& last) {
    log_ << how << " " << n << " " << (last ? last->values.at(0) : -1) << "; ";
    ++free_;
  }

  std::ostringstream& log_;
  int free_;
};

study judged_by_loss() {
  study s;
  s.metric = "loss";
  return s;
}

/// A simulation in which everything is written down.
struct observed {
  explicit observed(int epochs, int at_once = 1000)
      : curve{epochs},
        decides{log},
        suggests{log, at_once} {}

  simulation run(std::uint64_t trials, std::uint32_t workers) {
    return simulate({s, trials, workers}, decides, suggests, curve);
  }

  std::ostringstream log;
  steady curve;
  scripted decides;
  cautious suggests;
  study s = judged_by_loss();
};

std::string states(const simulation& s) {
  std::string text;
  for (const auto& t : s.results.trials)
    text += std::string{to_string(t.state)} + " " + std::to_string(t.iterations) + "; ";
  return text;
}

} // namespace

TEST_CASE("each worker runs one trial after the other") {
  observed it{2};
  const auto s = it.run(3, 2); // 2 s on worker 1, then 6 s; 4 s on worker 2
  CHECK(s.makespan_ns == 8 * second);
  CHECK(s.idle_share == doctest::Approx(4.0 / 16));
  CHECK(s.iterations == 6);
  CHECK(s.trials_stopped == 0);
  CHECK(states(s) == "completed 2; completed 2; completed 2; ");
  CHECK(s.results.trials[2].wall_s == 6);
}

TEST_CASE("scheduler and searcher are called in the order of a real study") {
  observed it{2};
  it.decides.decisions[{0, 1}] = {verdict::stop, "enough"};
  it.run(2, 1);
  CHECK(it.log.str() == "suggest 0; added 0; choose; suggest 1; added 1; "
                        // what the scheduler stops it hears of at once, and once
                        "observe 0 1 1; reported 0 1; completed 0 1; stopped 0 1; choose; "
                        "observe 1 1 1; reported 1 1; observe 1 2 2; reported 1 2; "
                        "completed 1 2; complete 1 2; ");
}

TEST_CASE("what ends a trial by the study's own rules is not put to the scheduler") {
  observed it{3};
  it.s.stop.push_back({"loss", stop_rule::side::at_least, 2});
  const auto s = it.run(1, 1);
  CHECK(it.log.str() == "suggest 0; added 0; choose; observe 0 1 1; reported 0 1; "
                        "observe 0 2 2; completed 0 2; complete 0 2; ");
  CHECK(states(s) == "stopped 2; ");
  CHECK(s.trials_stopped == 1);
}

TEST_CASE("a trial that a rule ends after its last epoch has not been stopped early") {
  observed it{3};
  it.s.stop.push_back({"training_iteration", stop_rule::side::at_least, 3});
  const auto s = it.run(1, 1);
  CHECK(states(s) == "stopped 3; ");
  CHECK(s.trials_stopped == 0);
}

TEST_CASE("a paused trial gives its worker to others, and goes on from its iteration") {
  observed it{3};
  it.decides.decisions[{0, 2}] = {verdict::pause, "later"};
  const auto s = it.run(2, 1);
  CHECK(it.curve.starts == std::vector<trial_number>{0, 1, 0});
  CHECK(states(s) == "completed 3; completed 3; ");
  CHECK(s.iterations == 6);
  CHECK(s.makespan_ns == 9 * second);
}

TEST_CASE("paused trials end with others, and had more to train") {
  observed it{3};
  it.decides.decisions[{0, 2}] = {verdict::pause, "later"};
  it.decides.decisions[{1, 1}] = {verdict::proceed, "no need", {0}};
  const auto s = it.run(2, 1);
  CHECK(states(s) == "stopped 2; completed 3; ");
  CHECK(s.trials_stopped == 1);
  CHECK(s.results.trials[0].reason == "no need");
  CHECK(it.log.str().find("completed 0") == std::string::npos); // the scheduler knows
  CHECK(it.log.str().find("stopped 0 2; ") != std::string::npos);
}

TEST_CASE("a trial that fails is tried again from its last report, at the end of the queue") {
  observed it{3};
  it.s.max_failures = 1;
  it.curve.failures[{0, 3}] = 1;
  const auto s = it.run(2, 1);
  CHECK(it.curve.starts == std::vector<trial_number>{0, 1, 0});
  CHECK(states(s) == "completed 3; completed 3; ");
  CHECK(s.iterations == 6);
  CHECK(s.makespan_ns == (3 + 6 + 1) * second); // the failure took one second
}

TEST_CASE("a trial that fails for good does not count as stopped, or ends the study") {
  observed it{3};
  it.curve.failures[{0, 2}] = 1;
  SUBCASE("as it likes") {
    const auto s = it.run(2, 2);
    CHECK(states(s) == "failed 1; completed 3; ");
    CHECK(s.trials_stopped == 0);
    CHECK(it.log.str().find("failed 0; complete 0 -1; ") != std::string::npos);
  }
  SUBCASE("with fail_fast") {
    it.s.fail_fast = true;
    const auto s = it.run(4, 2);
    CHECK(states(s) == "failed 1; interrupted 1; pending 0; ");
    CHECK(s.makespan_ns == 2 * second);
    CHECK(s.trials_waiting == 0);
  }
}

TEST_CASE("the study's time budget ends it in virtual time") {
  observed it{100};
  it.s.time_budget_s = 5.5;
  const auto s = it.run(9, 2);
  CHECK(s.makespan_ns == 5'500'000'000);
  CHECK(states(s) == "stopped 5; stopped 2; pending 0; ");
  CHECK(s.trials_stopped == 2);
  CHECK(s.idle_share == 0);
}

TEST_CASE("no more trials run at once than the study allows") {
  observed it{1};
  it.s.max_concurrent = 1;
  const auto s = it.run(3, 5);
  CHECK(s.makespan_ns == 6 * second);
  CHECK(s.idle_share == doctest::Approx(0.8));
}

TEST_CASE("a searcher that has nothing to suggest is asked again when it has learned something") {
  observed it{1, 1};
  const auto s = it.run(2, 2);
  CHECK(states(s) == "completed 1; completed 1; ");
  CHECK(it.log.str() == "suggest 0; added 0; choose; suggest 1; "
                        "observe 0 1 1; reported 0 1; suggest 1; "
                        "completed 0 1; complete 0 1; suggest 1; added 1; choose; "
                        "observe 1 1 1; reported 1 1; completed 1 1; complete 1 1; ");
}

TEST_CASE("a searcher may be exhausted before all trials are there") {
  observed it{1};
  it.suggests.limit = 2;
  CHECK(it.run(5, 1).results.trials.size() == 2);
}

TEST_CASE("a grid does not make more trials than were asked for") {
  auto s = simulated_study("fifo");
  s.space.add("layers", grid_search{{1, 2, 3}});
  CHECK(simulate_random(s, 4, 2, "power").results.trials.size() == 4);
}

TEST_CASE("trials that wait for ever are counted, and the simulation ends") {
  observed it{1};
  it.decides.chooses_none = true;
  const auto s = it.run(3, 2);
  CHECK(s.trials_waiting == 1); // the next ones are not asked for as long as one waits
  CHECK(s.makespan_ns == 0);
  CHECK(s.idle_share == 0);
}

TEST_CASE("improvements are the reports that are better than all before") {
  observed it{2};
  it.s.mode = direction::max;
  const auto s = it.run(2, 2);
  REQUIRE(s.improvements.size() == 2);
  CHECK(s.improvements[0].at_ns == second);
  CHECK(s.improvements[0].value == 1);
  CHECK(s.improvements[1].at_ns == 2 * second);
  CHECK(s.improvements[1].value == 2);
  CHECK(s.improvements[1].iterations == 3); // trial 1 is first at 2 s: its step began earlier
  CHECK(s.results.best == 0U);
}

TEST_CASE("trials whose metric becomes NaN are stopped early") {
  auto s = simulated_study("fifo");
  s.points_to_evaluate.push_back({{"lr", 1.0}});
  const auto came_to = simulate_random(s, 1, 1, "crossing");
  CHECK(states(came_to) == "stopped 1; ");
  CHECK(came_to.trials_stopped == 1);
  CHECK_FALSE(came_to.results.best);
  CHECK(came_to.improvements.empty());
}
