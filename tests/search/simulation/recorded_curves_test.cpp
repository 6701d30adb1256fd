#include "search/life/study_machine.hpp"
#include "search/simulation/recorded_curves.hpp"
#include "search/simulation_kit.hpp"

#include <doctest/doctest.h>

#include <variant>
#include <vector>

using namespace troupe;

namespace {

/// A journal, written by hand.
class journal {
public:
  journal& write(trial_number n, event_body body) {
    events_.push_back({events_.size() + 1, 0, n, std::move(body)});
    return *this;
  }
  journal& add(trial_number n) { return write(n, event_kind::trial_added{{{"x", n}}, 0}); }
  journal& start(trial_number n, int from = 0) {
    return write(n, event_kind::trial_started{1, from, {}});
  }
  journal& report(trial_number n, int iteration, double loss, double seconds) {
    return write(n, event_kind::trial_reported{iteration, {{"loss", loss}}, {}, seconds, 0});
  }
  journal& end(trial_number n, trial_state state, std::string reason = {}) {
    return write(n, event_kind::trial_ended{state, std::move(reason)});
  }

  recorded_curves curves() const {
    return recorded_curves{[this, i = std::size_t{0}]() mutable {
      return i < events_.size() ? std::optional{events_[i++]} : std::nullopt;
    }};
  }

private:
  std::vector<event> events_{{1, 0, std::nullopt, event_kind::study_started{"s", 3}}};
};

simulation run(const recorded_curves& curves, const study& s, std::uint32_t workers) {
  const auto decides = make_correctable_scheduler(s);
  recorded_configurations suggests{curves};
  return simulate({s, curves.size(), workers}, *decides, suggests, curves);
}

} // namespace

TEST_CASE("trials train as they did in the recorded study") {
  const auto curves = journal{}
                          .add(0)
                          .add(1)
                          .start(0)
                          .start(1)
                          .report(0, 1, 0.5, 2)
                          .report(1, 1, 0.7, 1.5)
                          .report(0, 2, 0.4, 3)
                          .end(0, trial_state::completed)
                          .end(1, trial_state::stopped, "by a rule")
                          .curves();
  REQUIRE(curves.size() == 2);
  CHECK(curves.config_of(1) == config{{"x", 1}});
  CHECK(*curves.first_report()->find("loss") == 0.5);

  study s;
  s.metric = "loss";
  const auto came_to = run(curves, s, 1);
  CHECK(came_to.makespan_ns == 6'500'000'000);
  REQUIRE(came_to.results.trials.size() == 2);
  CHECK(came_to.results.trials[0].iterations == 2);
  CHECK(*came_to.results.trials[0].last.find("loss") == 0.4);
  CHECK(came_to.results.trials[0].config == config{{"x", 0}});
  CHECK(came_to.results.trials[1].state == trial_state::completed); // all that is known of it
  CHECK(came_to.trials_stopped == 0);
}

TEST_CASE("of a trial that was tried again, the last attempt counts") {
  const auto curves = journal{}
                          .add(0)
                          .start(0)
                          .report(0, 1, 0.5, 2)
                          .report(0, 2, 9, 9)
                          .start(0, 1)
                          .report(0, 2, 0.4, 3)
                          .end(0, trial_state::completed)
                          .curves();
  study s;
  s.metric = "loss";
  const auto came_to = run(curves, s, 1);
  CHECK(came_to.iterations == 2);
  CHECK(came_to.makespan_ns == 5'000'000'000);
}

TEST_CASE("trials that never ran are left out, and those that failed fail again") {
  const auto curves = journal{}
                          .add(0)
                          .add(1)
                          .add(2)
                          .start(1)
                          .report(1, 1, 0.5, 2)
                          .end(1, trial_state::failed, "out of memory")
                          .start(2)
                          .end(2, trial_state::failed, "")
                          .curves();
  REQUIRE(curves.size() == 2);
  study s;
  s.metric = "loss";
  const auto came_to = run(curves, s, 1);
  CHECK(came_to.results.trials[0].state == trial_state::failed);
  CHECK(came_to.results.trials[0].reason == "out of memory");
  CHECK(came_to.results.trials[0].config == config{{"x", 1}});
  CHECK(came_to.results.trials[1].state == trial_state::failed);
  CHECK(came_to.makespan_ns == 2'000'000'000);
}

TEST_CASE("a study without reports has no first report") {
  CHECK(journal{}.add(0).start(0).curves().first_report() == nullptr);
  CHECK(journal{}.curves().size() == 0);
}
