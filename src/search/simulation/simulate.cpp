#include "search/simulation/simulate.hpp"

#include "base/seconds.hpp"
#include "search/life/direct_course.hpp"
#include "search/simulation/event_queue.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace troupe {

namespace {

study with_trials(study s, std::uint64_t trials) {
  s.num_samples = trials;
  s.per_config.clear(); // workers are what there is
  return s;
}

/// Drives a direct_course with a queue of events, where the controller has actors.
class simulator {
public:
  simulator(const simulation_setup& setup, correctable_scheduler& decides, searcher& suggests,
            const learning_curve& curve)
      : setup_{setup},
        curve_{curve},
        course_{with_trials(setup.study, setup.trials), decides, suggests,
                [this](const event_ptr& e) { follow(*e); }, study_machine::keeps_state::memory},
        workers_(setup.workers) {
    for (auto w = setup.workers; w-- > 0;)
      idle_.push_back(w);
    if (const auto budget = setup.study.time_budget_s) budget_ns_ = to_nanoseconds(*budget);
  }

  simulation run() {
    course_.begin(now_);
    place();
    while (!course_.machine().finished() && (!queue_.empty() || budget_ns_)) {
      if (budget_ns_ && (queue_.empty() || queue_.next().at_ns > *budget_ns_)) {
        now_ = *std::exchange(budget_ns_, std::nullopt);
        wind_up();
        continue;
      }
      const auto [at, announced, w] = queue_.next();
      queue_.pop();
      now_ = at;
      take_step(w);
      if (course_.machine().winding_up()) leave_workers(); // fail_fast
      place();
    }
    course_.end(now_);
    return sum_up();
  }

private:
  struct worker {
    trial_number trial = 0;
    int attempt = 0;
    std::unique_ptr<const training> train;
    training_step step; ///< What is going on.
    std::int64_t since_ns = 0;
  };

  // -- trials are placed, report, and end ---------------------------------------------------------

  void place() {
    while (!idle_.empty()) {
      const std::uint32_t w = idle_.back();
      const resources& r = setup_.study.per_trial;
      const auto started = course_.place({w + 1, r.cpu, r.gpu, r.memory_gb, {}}, now_);
      if (!started) return;
      idle_.pop_back();
      const trial_number n = started->number;
      workers_[w] = {
          n, started->order.attempt, curve_.begin(n, course_.machine().config_of(n)), {}, now_};
      take_up_step(w);
    }
    course_.add_trials(now_);
  }

  void take_up_step(std::uint32_t w) {
    worker& at = workers_[w];
    at.step = at.train->next(states_[at.trial]);
    queue_.push(later(now_, at.step.takes_ns), w);
  }

  void take_step(std::uint32_t w) {
    const auto& outcome = workers_[w].step.outcome;
    if (const auto* report = std::get_if<training_report>(&outcome)) {
      if (take_report(workers_[w], *report) == verdict::proceed)
        take_up_step(w);
      else
        take_exit(w, std::nullopt);
    } else if (const auto* failure = std::get_if<training_failure>(&outcome)) {
      take_exit(w, failure->error);
    } else {
      take_exit(w, std::nullopt);
    }
  }

  verdict take_report(const worker& w, const training_report& report) {
    states_[w.trial] = report.after;
    ++all_.iterations;
    const double epoch_s = static_cast<double>(w.step.takes_ns) * 1e-9;
    const auto answer = course_.report(w.trial, w.attempt, report.metrics, true, epoch_s, now_);
    note(answer.result.value);
    return answer.verdict;
  }

  void note(double value) {
    if (std::isnan(value)) return;
    const bool lower_is_better = setup_.study.mode == direction::min;
    auto& known = all_.improvements;
    if (!known.empty() &&
        !(lower_is_better ? value < known.back().value : value > known.back().value))
      return;
    known.push_back({now_, value, all_.iterations});
  }

  void take_exit(std::uint32_t w, const std::optional<std::string>& error) {
    worker& left = workers_[w];
    busy_ns_ = later(busy_ns_, now_ - left.since_ns);
    left.train.reset();
    idle_.push_back(w);
    course_.exited(left.trial, left.attempt, error, now_);
  }

  /// What the journal of a real study would say, as far as it matters here.
  void follow(const event& e) {
    if (std::holds_alternative<event_kind::trial_added>(e.body)) states_.emplace_back();
    if (states_.size() == setup_.trials) course_.no_more_trials(); // a grid would have more
    if (const auto* exploited = std::get_if<event_kind::trial_exploited>(&e.body))
      states_[*e.trial] = states_[exploited->donor];
    if (const auto* ended = std::get_if<event_kind::trial_ended>(&e.body))
      if (ended->state == trial_state::stopped && had_more_to_train(*e.trial))
        ++all_.trials_stopped;
  }

  bool had_more_to_train(trial_number n) const {
    const auto train = curve_.begin(n, course_.machine().config_of(n));
    return std::holds_alternative<training_report>(train->next(states_[n]).outcome);
  }

  // -- the study ends -----------------------------------------------------------------------------

  void wind_up() {
    course_.wind_up({"time_budget_s is used up", reason_kind::time_budget}, trial_state::stopped,
                    now_);
    leave_workers();
  }

  void leave_workers() {
    for (std::uint32_t w = 0; w < workers_.size(); ++w)
      if (workers_[w].train) take_exit(w, std::nullopt);
  }

  simulation sum_up() {
    all_.makespan_ns = now_;
    const double offered = static_cast<double>(setup_.workers) * static_cast<double>(now_);
    if (offered > 0) all_.idle_share = 1 - static_cast<double>(busy_ns_) / offered;
    all_.results = course_.machine().results();
    if (!course_.machine().winding_up())
      for (const auto& t : all_.results.trials)
        all_.trials_waiting += is_final(t.state) ? 0 : 1;
    return std::move(all_);
  }

  const simulation_setup& setup_;
  const learning_curve& curve_;
  direct_course course_;

  event_queue queue_;
  std::int64_t now_ = 0;
  std::optional<std::int64_t> budget_ns_; ///< None: it is unlimited, or used up.
  std::vector<worker> workers_;
  std::vector<std::uint32_t> idle_;    ///< Workers, the next one last.
  std::vector<training_state> states_; ///< By trial: what its last checkpoint holds.
  std::int64_t busy_ns_ = 0;
  simulation all_;
};

} // namespace

simulation simulate(const simulation_setup& setup, correctable_scheduler& decides,
                    searcher& suggests, const learning_curve& curve) {
  return simulator{setup, decides, suggests, curve}.run();
}

} // namespace troupe
