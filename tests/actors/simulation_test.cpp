#include "actors/actor_kit.hpp"
#include "search/searchers/random_searcher.hpp"
#include "search/simulation/parametric_curves.hpp"
#include "search/simulation/simulate.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

using namespace troupe;
using namespace troupe::testing;

namespace {

constexpr std::size_t trials = 18;

/// Crossing curves, but trial 3 fails whenever it comes to its second report.
class unlucky final : public learning_curve {
public:
  explicit unlucky(const study& s) : usual_{make_parametric_curve("crossing", s)} {}

  std::unique_ptr<const training> begin(trial_number n, const config& c) const override {
    if (n != 3) return usual_->begin(n, c);
    return std::make_unique<run>(usual_->begin(n, c));
  }

private:
  class run final : public training {
  public:
    explicit run(std::unique_ptr<const training> usual) : usual_{std::move(usual)} {}
    training_step next(const training_state& from) const override {
      if (from.iteration == 1) return {0, training_failure{"bad luck"}};
      return usual_->next(from);
    }

  private:
    std::unique_ptr<const training> usual_;
  };

  std::unique_ptr<learning_curve> usual_;
};

study judged_by(std::string_view scheduler, const boost::json::object& options) {
  auto s = study_of(trials);
  s.scheduler = {std::string{scheduler}, options};
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 9});
  s.max_failures = 1;
  return s;
}

/// Returns whether the one trial that runs has as many others waiting as there are to be.
bool all_are_added(const event_log& log, std::size_t lookahead) {
  const auto added = static_cast<std::size_t>(log.so_far<event_kind::trial_added>());
  const auto ended = static_cast<std::size_t>(log.so_far<event_kind::trial_ended>());
  return added == trials || added >= 1 + ended + lookahead;
}

/// Trains as `curve` says, once the trials that the scheduler looks ahead to are there.
void train(trial& t, const learning_curve& curve, const event_log& log, std::size_t lookahead) {
  while (!all_are_added(log, lookahead))
    std::this_thread::yield();
  const auto n = static_cast<trial_number>(std::stoul(t.id()));
  const auto run = curve.begin(n, t.config());
  for (training_state state;;) {
    const auto step = run->next(state);
    if (std::holds_alternative<training_end>(step.outcome)) return;
    const auto* report = std::get_if<training_report>(&step.outcome);
    if (!report) throw std::runtime_error{std::get<training_failure>(step.outcome).error};
    const bool made_before = state.iteration < t.iteration();
    state = report->after;
    if (!made_before && !t.report(report->metrics, number_checkpoint(state.iteration))) return;
  }
}

} // namespace

TEST_CASE("a simulated study decides as a real one does") {
  const study all[] = {
      judged_by("fifo", {}),
      judged_by("asha", {{"max_t", 9}, {"reduction_factor", 2}}),
      judged_by("hyperband", {{"max_t", 9}}),
      judged_by("median",
                {{"time_attr", "training_iteration"}, {"grace_period", 2}, {"hard_stop", false}}),
      judged_by("optuna_median", {}),
  };
  for (const auto& s : all) {
    CAPTURE(s.scheduler.name);
    const unlucky curve{s};
    const auto decides = make_correctable_scheduler(s);
    const auto lookahead = decides->lookahead();
    random_searcher suggests{s};
    const auto simulated = simulate({s, trials, 1}, *decides, suggests, curve).results;

    event_log log;
    const auto real = run_study(
        s, [&](trial& t) { train(t, curve, log, lookahead); }, 1, &log);
    REQUIRE(simulated.trials.size() == real.trials.size());
    for (std::size_t n = 0; n < trials; ++n) {
      const auto &a = simulated.trials[n], &b = real.trials[n];
      CAPTURE(n);
      CHECK(to_string(a.state) == to_string(b.state));
      CHECK(a.reason == b.reason);
      CHECK(a.iterations == b.iterations);
      CHECK(a.checkpoint == b.checkpoint);
      CHECK(a.config == b.config);
    }
    CHECK(simulated.best == real.best);
  }
}
