#include "cli/result_table.hpp"
#include "sample_study.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace troupe;

namespace {

trial_summary trial_of(trial_number n, trial_state state, config c, int iterations, metrics last,
                       double wall_s, std::string reason = {}) {
  trial_summary t;
  t.number = n;
  t.state = state;
  t.reason = std::move(reason);
  t.config = std::move(c);
  t.iterations = iterations;
  t.last = std::move(last);
  t.wall_s = wall_s;
  return t;
}

/// Two trials that have values, and one that has none.
study_results three_trials() {
  study_results r;
  r.name = "cifar10";
  r.metric = "loss";
  r.trials = {trial_of(0, trial_state::stopped, {{"lr", 0.00011629134}, {"l1", 64}}, 2,
                       {{"loss", 1.8727312}, {"accuracy", 0.244}}, 20.5, "asha"),
              trial_of(1, trial_state::completed,
                       {{"lr", 0.0027624906698231976}, {"data", {{"kind", "cifar-10"}}}, {"l1", 8}},
                       10, {{"loss", 1.1815014744281769}, {"accuracy", 0.5836}}, 101.23456789),
              trial_of(2, trial_state::failed, {{"lr", 0.0839654}, {"l1", 256}}, 0, {}, 0.25,
                       "out of memory\nat layer 4")};
  r.best = 1;
  return r;
}

const search_space space = testing::cifar().space;

} // namespace

TEST_CASE("the table has a row per trial and a column per parameter that varies") {
  CHECK(result_table(three_trials(), space) ==
        R"(Number of trials: 3 (1 stopped, 1 completed, 1 failed)
+-------+-----------+-------------+-----+---------+----------+--------------------+----------------+
| trial | status    |          lr |  l1 |    loss | accuracy | training_iteration | total time (s) |
|-------+-----------+-------------+-----+---------+----------+--------------------+----------------|
| 00000 | stopped   | 0.000116291 |  64 | 1.87273 |    0.244 |                  2 |           20.5 |
| 00001 | completed |  0.00276249 |   8 |  1.1815 |   0.5836 |                 10 |        101.235 |
| 00002 | failed    |   0.0839654 | 256 |         |          |                  0 |           0.25 |
+-------+-----------+-------------+-----+---------+----------+--------------------+----------------+
)");
}

TEST_CASE("text stands at the left, wide characters and all, and control characters are tamed") {
  search_space s;
  s.add("optimizer", choice{{"sgd", "学习"}});
  study_results r;
  r.trials = {trial_of(0, trial_state::completed, {{"optimizer", "学习"}}, 1, {}, 1),
              trial_of(1, trial_state::completed, {{"optimizer", "s\ngd"}}, 1, {}, 1)};
  CHECK(result_table(r, s) == R"(Number of trials: 2 (2 completed)
+-------+-----------+-----------+--------------------+----------------+
| trial | status    | optimizer | training_iteration | total time (s) |
|-------+-----------+-----------+--------------------+----------------|
| 00000 | completed | 学习      |                  1 |              1 |
| 00001 | completed | s?gd      |                  1 |              1 |
+-------+-----------+-----------+--------------------+----------------+
)");
}

TEST_CASE("the report ends with the best trial, whose numbers are exact") {
  const std::string text = final_report(three_trials(), space, metrics{{"accuracy", 0.5806}});
  CHECK(text.starts_with(result_table(three_trials(), space)));
  CHECK(text.ends_with(R"(+
1 trial failed: 00002: out of memory; see trials/00002/error.txt

Best trial config: {"lr": 0.0027624906698231976, "data": {"kind": "cifar-10"}, "l1": 8}
Best trial final validation loss: 1.1815014744281769
Best trial final validation accuracy: 0.5836
Best trial test set accuracy: 0.5806
)"));
}

TEST_CASE("lines that a trainable has no number for are left out") {
  study_results r = three_trials();
  r.metric = "reward";
  r.trials[1].last = {{"reward", 16}};
  const std::string text = final_report(r, space, std::nullopt);
  CHECK(text.ends_with(R"("l1": 8}
Best trial final reward: 16.0
)"));
}

TEST_CASE("failures are grouped by what they say") {
  study_results r;
  for (trial_number n = 0; n < 12; ++n)
    r.trials.push_back(trial_of(n, trial_state::failed, {}, 0, {}, 0,
                                n == 3 ? "broken image" : "out of memory\n" + std::to_string(n)));
  const std::string text = final_report(r, space, std::nullopt);
  CHECK(text.find("11 trials failed: 00000, 00001, 00002, 00004, 00005, 00006, 00007, 00008 and 3 "
                  "more: out of memory; see trials/00000/error.txt\n"
                  "1 trial failed: 00003: broken image; see trials/00003/error.txt\n") !=
        std::string::npos);
}

TEST_CASE("a study without a best trial says so, and one that ended early says why") {
  study_results r;
  r.metric = "loss";
  r.interrupted = "interrupted by Ctrl-C";
  CHECK(final_report(r, space, std::nullopt) == R"(Number of trials: 0
The study ended early: interrupted by Ctrl-C

No best trial: no trial has succeeded with a value of "loss".
)");
}

TEST_CASE("numbers that are no numbers are shown as they are") {
  study_results r = three_trials();
  r.trials[0].last.set("loss", std::numeric_limits<double>::quiet_NaN());
  CHECK(result_table(r, space).find("|    nan |") != std::string::npos);
}

TEST_CASE("all metrics of a test are printed") {
  const auto text = final_report(three_trials(), space, metrics{{"accuracy", 0.5}, {"f1", 0.25}});
  CHECK(text.find("Best trial test set accuracy: 0.5\nBest trial test set f1: 0.25\n") !=
        std::string::npos);
}
