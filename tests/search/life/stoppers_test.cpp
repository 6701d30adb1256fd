#include "search/life/direct_course.hpp"
#include "search/life/stoppers.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace troupe;

namespace {

study with(const std::string& stoppers, const std::string& mode = "min") {
  return parse_study(R"({"metric": "loss", "mode": ")" + mode +
                         R"(", "space": {"x": 1}, "num_samples": 9, "stoppers": )" + stoppers + "}",
                     "s.json");
}

/// One stopper, as a study file describes it.
struct observed_stopper {
  explicit observed_stopper(const std::string& options, const std::string& mode = "min")
      : s{with("[" + options + "]", mode)},
        rule{make_stopper(s.stoppers.at(0), s)} {}

  /// Reports the values one after the other; returns after how many a trial was ended, 0: never.
  int ends_after(const std::vector<double>& values, trial_number n = 0) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!report(n, static_cast<int>(i) + 1, values[i]).empty()) return static_cast<int>(i) + 1;
    return 0;
  }

  std::string report(trial_number n, int iteration, double value) {
    const metrics m{{"loss", value}};
    return rule->report({n, iteration, m, 0.5, used});
  }

  study s;
  std::unique_ptr<stopper> rule;
  resources used{2, 0, 0};
};

} // namespace

TEST_CASE("maximum_iteration ends a trial at so many reports") {
  observed_stopper it{R"({"name": "maximum_iteration", "max_iter": 3})"};
  CHECK(it.ends_after({1, 1, 1, 1}) == 3);
  CHECK(it.report(1, 2, 0).empty());
  CHECK(it.rule->study_ends().empty());
}

TEST_CASE("trial_plateau ends a trial whose last values are all alike") {
  const std::string open = R"({"name": "trial_plateau", "num_results": 3, "grace_period": 4)";
  CHECK(observed_stopper{open + "}"}.ends_after({1, 1, 1, 1, 1}) == 4);
  CHECK(observed_stopper{open + "}"}.ends_after({5, 4, 3, 1, 1.001, 1.002}) == 6);
  CHECK(observed_stopper{open + "}"}.ends_after({1, 2, 1, 2, 1, 2}) == 0);
  CHECK(observed_stopper{open + "}"}.ends_after({1, 1, 1, std::nan(""), 1, 1}) == 0);
  const std::string bounded = open + R"(, "metric_threshold": 0.5})";
  CHECK(observed_stopper{bounded}.ends_after({1, 1, 1, 1, 1}) == 0);
  CHECK(observed_stopper{bounded}.ends_after({0.4, 0.4, 0.4, 0.4}) == 4);
  CHECK(observed_stopper{bounded, "max"}.ends_after({1, 1, 1, 1}) == 4);
}

TEST_CASE("trial_plateau does not mix trials up") {
  observed_stopper it{R"({"name": "trial_plateau", "num_results": 2, "grace_period": 2})"};
  CHECK(it.report(0, 1, 1).empty());
  CHECK(it.report(1, 1, 1).empty());
  CHECK_FALSE(it.report(0, 2, 1).empty());
}

TEST_CASE("experiment_plateau ends the study when its best values are all alike") {
  observed_stopper it{R"({"name": "experiment_plateau", "top": 2, "patience": 2})"};
  const auto after = [&](double value) {
    CHECK(it.report(0, 1, value).empty());
    return !it.rule->study_ends().empty();
  };
  CHECK_FALSE(after(3));
  CHECK_FALSE(after(1));
  CHECK_FALSE(after(1)); // alike for the first time
  CHECK(after(7));
  CHECK_FALSE(after(0.5)); // a better one: not alike
  CHECK_FALSE(after(std::nan("")));
  CHECK_FALSE(after(0.5));
  CHECK(after(0.5));
}

TEST_CASE("target ends the study when a value is good enough") {
  observed_stopper down{R"({"name": "target", "value": 0.1})"};
  down.report(0, 1, 0.2);
  CHECK(down.rule->study_ends().empty());
  down.report(3, 1, 0.1);
  down.report(3, 2, 0.9);
  CHECK(down.rule->study_ends() == "target: trial 00003 has loss 0.1");
  observed_stopper up{R"({"name": "target", "value": 0.9})", "max"};
  up.report(0, 1, 0.5);
  CHECK(up.rule->study_ends().empty());
  up.report(0, 2, 0.95);
  CHECK_FALSE(up.rule->study_ends().empty());
}

TEST_CASE("budget ends the study when its reports have used it up") {
  observed_stopper count{R"({"name": "budget", "iterations": 3})"};
  count.ends_after({1, 1});
  CHECK(count.rule->study_ends().empty());
  count.report(1, 1, 1);
  CHECK(count.rule->study_ends() == "budget: 3 iterations are used up");
  observed_stopper seconds{R"({"name": "budget", "device_s": 2})"};
  seconds.report(0, 1, 1);
  CHECK(seconds.rule->study_ends().empty());
  seconds.used.gpu = 0.5; // then CPUs do not count
  seconds.report(0, 2, 1);
  CHECK(seconds.rule->study_ends().empty());
  seconds.used.gpu = 2;
  seconds.report(0, 3, 1);
  CHECK(seconds.rule->study_ends() == "budget: 2.25 device-seconds are used up");
}

TEST_CASE("a study winds up by its stoppers, which go together, and restores them") {
  const auto s = with(R"([{"name": "maximum_iteration", "max_iter": 2},
                          {"name": "budget", "iterations": 5}])");
  std::vector<event_ptr> journal;
  const auto run_from = [&](std::size_t known, int steps) {
    const auto decides = make_correctable_scheduler(s);
    const auto suggests = make_searcher(s);
    direct_course course{s, *decides, *suggests, [&](const event_ptr& e) { journal.push_back(e); }};
    for (std::size_t i = 0; i < known; ++i)
      course.restore(*journal[i]);
    if (known == 0) course.begin(0);
    for (int i = 0; i < steps; ++i) {
      const auto running = course.machine().running_trials();
      const auto started = running.empty() ? course.place({}, 0) : std::nullopt;
      if (running.empty() && !started) break;
      const trial_number n = started ? started->number : *running.begin();
      const int attempt = course.machine().attempt_of(n);
      const auto answer = course.report(n, attempt, {{"loss", 1}}, false, 1, 0);
      if (answer.verdict != verdict::proceed) course.exited(n, attempt, std::nullopt, 0);
    }
    return course.machine().results();
  };
  run_from(0, 3);
  const auto results = run_from(journal.size(), 9);
  REQUIRE(results.trials.size() == 3);
  CHECK(results.trials[0].reason == "maximum_iteration: 2 reports");
  CHECK(results.trials[0].state == trial_state::stopped);
  CHECK(results.trials[1].iterations == 2);
  CHECK(results.trials[2].iterations == 1);
  CHECK(results.interrupted == "budget: 5 iterations are used up");
}

TEST_CASE("faults of stoppers are faults of the study file") {
  const auto fault = [](const std::string& stoppers) {
    try {
      with(stoppers);
    } catch (const invalid_study& e) {
      return e.faults().at(0).path + ": " + e.faults().at(0).problem;
    }
    return std::string{};
  };
  CHECK(fault(R"([{"name": "maximum_iteration"}])") ==
        "stoppers/0/max_iter: is missing; it says how many reports a trial makes at most");
  CHECK(fault(R"([{"name": "budget"}])") ==
        "stoppers/0: must have iterations, device_s, or both: what may be used up");
  CHECK(fault(R"([{"name": "plateau"}])")
            .starts_with("stoppers/0/name: unknown stopper \"plateau\""));
  CHECK(fault(R"({"name": "budget"})").starts_with("stoppers: must be a list"));
  CHECK(fault(R"([{"name": "target", "value": 1, "mode": "less"}])") ==
        R"(stoppers/0/mode: must be "min" or "max"; found the text "less")");
  CHECK(fault(R"([{"name": "trial_plateau", "metric": "accuracy", "mode": "max"}])").empty());
}
