#include "search/simulation/simulate.hpp"

#include "search/simulation/event_queue.hpp"
#include "search/study_machine.hpp"

#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

namespace troupe {

namespace {

study with_trials(study s, std::uint64_t trials) {
  s.num_samples = trials;
  return s;
}

/// Drives a study_machine as the controller does, with a queue of events for the actors.
class simulator {
public:
  simulator(const simulation_setup& setup, scheduler& decides, searcher& suggests,
            const learning_curve& curve)
      : setup_{setup},
        scheduler_{decides},
        searcher_{suggests},
        curve_{curve},
        lookahead_{decides.lookahead()},
        machine_{with_trials(setup.study, setup.trials), [](const event_ptr&) {}},
        workers_(setup.workers) {
    for (auto w = setup.workers; w-- > 0;)
      idle_.push_back(w);
    if (const auto budget = setup.study.time_budget_s) budget_ns_ = std::llround(*budget * 1e9);
  }

  simulation run() {
    machine_.begin(now_);
    advance();
    while (!machine_.finished() && (!queue_.empty() || budget_ns_)) {
      if (budget_ns_ && (queue_.empty() || queue_.next().at_ns > *budget_ns_)) {
        now_ = *std::exchange(budget_ns_, std::nullopt);
        wind_up("time_budget_s is used up", trial_state::stopped);
        continue;
      }
      const auto [at, announced, w] = queue_.next();
      queue_.pop();
      now_ = at;
      take_step(w);
    }
    machine_.end(now_);
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

  // -- trials come into being, and are placed -----------------------------------------------------

  /// Does whatever the study now allows: called after everything that may have changed it.
  void advance() {
    do {
      while (machine_.wants_trial(lookahead_) && !waits_for_news_)
        suggest();
    } while (machine_.wants_slot() && !scheduler_has_none_ && !idle_.empty() && place());
  }

  void suggest() {
    const trial_number n = machine_.next_number();
    auto suggested = searcher_.suggest(n);
    waits_for_news_ = std::holds_alternative<not_now>(suggested);
    if (auto* c = std::get_if<config>(&suggested)) {
      machine_.add(std::move(*c), machine_.last_seq(), now_);
      states_.emplace_back();
      queue(n);
    }
    if (std::holds_alternative<exhausted>(suggested) || machine_.next_number() >= setup_.trials)
      machine_.searcher_exhausted();
  }

  void queue(trial_number n) {
    scheduler_has_none_ = false;
    scheduler_.added(n);
  }

  /// Returns whether there may be more to place.
  bool place() {
    const auto chosen = scheduler_.choose();
    for (const decision& d : scheduler_.aftermath())
      stop_paused(d);
    const std::uint32_t w = idle_.back();
    const resources& r = setup_.study.per_trial;
    const auto order = chosen
                           ? machine_.start(*chosen, {w + 1, r.cpu, r.gpu, r.memory_gb, {}}, now_)
                           : std::optional<study_machine::start_order>{};
    scheduler_has_none_ = !chosen;
    if (!order) return chosen.has_value();
    idle_.pop_back();
    workers_[w] = {
        *chosen, order->attempt, curve_.begin(*chosen, machine_.config_of(*chosen)), {}, now_};
    take_up_step(w);
    return true;
  }

  void take_up_step(std::uint32_t w) {
    worker& at = workers_[w];
    at.step = at.train->next(states_[at.trial]);
    queue_.push(now_ + at.step.takes_ns, w);
  }

  // -- trials report, and end ---------------------------------------------------------------------

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
    advance();
  }

  verdict take_report(const worker& w, const training_report& report) {
    const trial_number n = w.trial;
    states_[n] = report.after;
    ++all_.iterations;
    const double epoch_s = static_cast<double>(w.step.takes_ns) * 1e-9;
    const auto outcome = machine_.report(n, w.attempt, report.metrics, true, epoch_s, now_);
    note(outcome.result.value);
    searcher_.observe(n, machine_.iterations_of(n), outcome.result.value);
    waits_for_news_ = false;
    return outcome.ask_scheduler ? judge(w, outcome.result) : outcome.verdict;
  }

  verdict judge(const worker& w, const result& seen) {
    const auto d = scheduler_.reported(w.trial, seen);
    if (d.verdict == verdict::stop) {
      scheduler_.completed(w.trial, seen);
      scheduler_knows_end_.insert(w.trial);
    }
    stop_paused(d);
    scheduler_has_none_ = false;
    return machine_.decide(w.trial, w.attempt, d, now_);
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
    const trial_number n = left.trial;
    const auto kind = machine_.exited(n, left.attempt, error, now_);
    busy_ns_ += now_ - left.since_ns;
    const auto train = std::move(left.train);
    idle_.push_back(w);
    scheduler_has_none_ = false;
    if (kind == study_machine::exit_kind::retried) {
      scheduler_knows_end_.erase(n);
      scheduler_.failed(n);
      queue(n);
    } else if (kind == study_machine::exit_kind::ended) {
      const auto next = train->next(states_[n]);
      forget(n, std::holds_alternative<training_report>(next.outcome));
    }
  }

  /// A trial has ended for good; `early`: it had more to train.
  void forget(trial_number n, bool early) {
    const trial_state state = machine_.state_of(n);
    const auto& last = machine_.last_result_of(n);
    const bool failed = state == trial_state::failed;
    const bool scheduler_stopped = scheduler_knows_end_.erase(n) != 0;
    if (state == trial_state::stopped && early) ++all_.trials_stopped;
    if (state != trial_state::interrupted && !scheduler_stopped) {
      if (failed)
        scheduler_.failed(n);
      else
        scheduler_.completed(n, last);
    }
    tell_searcher_end(n, last && !failed ? std::optional{last->value} : std::nullopt,
                      scheduler_stopped && !failed);
    if (failed && setup_.study.fail_fast)
      wind_up("fail_fast: trial " + trial_id(n) + " failed", trial_state::interrupted);
  }

  void tell_searcher_end(trial_number n, std::optional<double> value, bool stopped) {
    if (stopped)
      searcher_.stopped(n, value);
    else
      searcher_.complete(n, value);
    waits_for_news_ = false;
  }

  /// Ends the paused trials that end by decision `d`; the scheduler has ended them already.
  void stop_paused(const decision& d) {
    for (const trial_number n : d.also_stop) {
      if (!machine_.stop_paused(n, d.reason, now_)) continue;
      scheduler_knows_end_.insert(n);
      if (is_final(machine_.state_of(n))) forget(n, true);
    }
  }

  // -- the study ends -----------------------------------------------------------------------------

  void wind_up(const std::string& reason, trial_state running_become) {
    if (machine_.winding_up()) return;
    machine_.wind_up(reason, running_become, now_);
    for (std::uint32_t w = 0; w < workers_.size(); ++w)
      if (workers_[w].train) take_exit(w, std::nullopt);
  }

  simulation sum_up() {
    all_.makespan_ns = now_;
    const double offered = static_cast<double>(setup_.workers) * static_cast<double>(now_);
    if (offered > 0) all_.idle_share = 1 - static_cast<double>(busy_ns_) / offered;
    all_.results = machine_.results();
    if (!machine_.winding_up())
      for (const auto& t : all_.results.trials)
        all_.trials_waiting += is_final(t.state) ? 0 : 1;
    return std::move(all_);
  }

  const simulation_setup& setup_;
  scheduler& scheduler_;
  searcher& searcher_;
  const learning_curve& curve_;
  std::size_t lookahead_;
  study_machine machine_;

  event_queue queue_;
  std::int64_t now_ = 0;
  std::optional<std::int64_t> budget_ns_; ///< None: it is unlimited, or used up.
  std::vector<worker> workers_;
  std::vector<std::uint32_t> idle_;    ///< Workers, the next one last.
  std::vector<training_state> states_; ///< By trial: what its last checkpoint holds.
  std::unordered_set<trial_number> scheduler_knows_end_; ///< It stopped them itself.
  bool scheduler_has_none_ = false; ///< It was asked and chose nobody; ask again after news.
  bool waits_for_news_ = false;     ///< The searcher has, to suggest something.
  std::int64_t busy_ns_ = 0;
  simulation all_;
};

} // namespace

simulation simulate(const simulation_setup& setup, scheduler& decides, searcher& suggests,
                    const learning_curve& curve) {
  return simulator{setup, decides, suggests, curve}.run();
}

} // namespace troupe
