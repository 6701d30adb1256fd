#include "actors/controller.hpp"

#include "actors/caf_compat.hpp"
#include "actors/live_checkpoints.hpp"
#include "actors/open_reports.hpp"
#include "base/seconds.hpp"
#include "search/life/study_machine.hpp"

#include <caf/actor_system.hpp>
#include <caf/disposable.hpp>

#include <chrono>
#include <cmath>
#include <set>

namespace troupe {

namespace {

using namespace std::chrono_literals;

/// How many events the recorder may be behind before trials have to wait for it.
constexpr std::uint64_t recorder_backlog = 10'000;

/// A searcher or scheduler may think for long; an answer that never comes must still be noticed.
constexpr auto answer_timeout = 24h;

std::int64_t unix_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Drives a study_machine: turns messages into its commands, and what it says into messages.
class controller_shell {
public:
  static inline const char* name = "controller";

  controller_shell(controller_actor::pointer self, controller_setup setup)
      : self_{self},
        setup_{std::move(setup)},
        machine_{setup_.study, [this](const event_ptr& e) { publish(e); }} {}

  controller_actor::behavior_type make_behavior() {
    return {
        [this](trial_report& r) { return take_report(std::move(r)); },
        [this](const trial_exit& e) { take_exit(e); },
        [this](const trial_progress& p) {
          for (const auto& s : setup_.subscribers)
            tell(self_, s, p);
        },
        [this](trial_log& line) {
          if (setup_.recorder) tell(self_, setup_.recorder, std::move(line));
        },
        [this](const lease_granted& g) { take_lease(g); },
        [this](const events_durable& d) { take_durable(d.seq); },
        [this](const recording_failed& f) { take_recording_failure(f.what); },
        [this](const start_study&) { start(); },
        [this](const interrupt_study& i) { wind_up(i.reason, trial_state::interrupted); },
        [this](subscriber_actor& s) { setup_.subscribers.push_back(std::move(s)); },
        [this](const await_results&) { return promise_results(); },
    };
  }

private:
  template <class Question>
  auto ask_scheduler(Question question) {
    checkpoints_.asked();
    return ask(self_, setup_.scheduler, answer_timeout, std::move(question));
  }

  // -- the study begins ---------------------------------------------------------------------------

  void start() {
    if (machine_.last_seq() > 0) return;
    if (setup_.recorder) tell(self_, setup_.recorder, record_client_actor{self_});
    machine_.begin(unix_ns());
    if (const auto budget = setup_.study.time_budget_s) {
      const auto delay = caf::timespan{to_nanoseconds(*budget)};
      timers_.push_back(self_->run_delayed(
          delay, [this] { wind_up("time_budget_s is used up", trial_state::stopped); }));
    }
    advance();
  }

  // -- trials come into being, and are placed -----------------------------------------------------

  /// Does whatever the study now allows: called after everything that may have changed it.
  void advance() {
    if (ended_ || machine_.last_seq() == 0) return;
    const bool placing_now = placing_ == placing::choosing || placing_ == placing::cancelling;
    if (machine_.finished() && !placing_now) return end();
    if (machine_.wants_trial(setup_.lookahead) && !suggesting_) request_suggestion();
    if (placing_ != placing::idle || !machine_.wants_slot()) return;
    if (!scheduler_has_none_)
      request_lease(setup_.study.per_trial);
    else
      end_stranded();
  }

  /// The scheduler wants none of the paused trials, and nothing else can happen: they end.
  void end_stranded() {
    const auto stranded = machine_.stranded(waits_for_news_);
    for (const trial_number n : stranded) {
      machine_.stop_paused(n, machine_.reason_of(n) + "; nobody else is left to run", unix_ns());
      tell(self_, setup_.scheduler, trial_over{n, trial_over::how::removed, {}});
      scheduler_knows_end_.insert(n);
      forget(n);
    }
    if (!stranded.empty()) advance();
  }

  void request_suggestion() {
    suggesting_ = true;
    news_meanwhile_ = false;
    ask(self_, setup_.searcher, answer_timeout, suggest_trial{machine_.next_number()})
        .then([this](suggested_trial& s) { take_suggestion(std::move(s)); },
              [this](const caf::error& e) {
                wind_up("the searcher failed: " + to_string(e), trial_state::interrupted);
              });
  }

  void take_suggestion(suggested_trial s) {
    // After not_now the searcher is asked again when it has learned something (see
    // inform_searcher): perhaps it has, since it was asked.
    suggesting_ = std::holds_alternative<not_now>(s.suggestion) && !news_meanwhile_;
    waits_for_news_ = suggesting_;
    if (std::holds_alternative<exhausted>(s.suggestion)) machine_.searcher_exhausted();
    if (auto* c = std::get_if<config>(&s.suggestion); c && !machine_.winding_up()) {
      const trial_number n = machine_.next_number();
      machine_.add(std::move(*c), s.seen, unix_ns());
      checkpoints_.add();
      trials_.emplace_back();
      queue(n);
    }
    advance();
  }

  void queue(trial_number n) {
    scheduler_has_none_ = false;
    tell(self_, setup_.scheduler, schedule_trial{n, machine_.config_of(n)});
  }

  void request_lease(const resources& amount) {
    placing_ = placing::waiting_for_lease;
    tell(self_, setup_.broker, acquire_lease{++ticket_, amount}, lease_client_actor{self_});
  }

  void take_lease(const lease_granted& g) {
    if (placing_ != placing::waiting_for_lease || g.ticket != ticket_ || machine_.winding_up())
      return tell(self_, setup_.broker, release_lease{g.lease.id});
    if (const auto chosen = std::exchange(resized_, std::nullopt)) return launch(chosen, g.lease);
    placing_ = placing::choosing;
    scheduler_has_none_ = true; // until it has one, or has learned something since it was asked
    ask_scheduler(choose_trial{})
        .then(
            [this, l = g.lease](const chosen_trial& c) {
              for (const decision& d : c.aftermath)
                change_others(d);
              checkpoints_.answered();
              place(c.number, l);
            },
            [this, l = g.lease](const caf::error& e) {
              place(std::nullopt, l);
              wind_up("the scheduler failed: " + to_string(e), trial_state::interrupted);
            });
  }

  void place(std::optional<trial_number> chosen, const lease& l) {
    if (chosen && machine_.pausing(*chosen) && !machine_.winding_up()) {
      // It was told to pause a moment ago, and its thread has yet to return.
      placed_later_ = {*chosen, l};
      return;
    }
    if (chosen && machine_.request_of(*chosen) != setup_.study.per_trial &&
        !machine_.winding_up()) {
      // It has been chosen for a slot of the usual size, and needs one of its own.
      tell(self_, setup_.broker, release_lease{l.id});
      resized_ = chosen;
      return request_lease(machine_.request_of(*chosen));
    }
    launch(chosen, l);
  }

  void launch(std::optional<trial_number> chosen, const lease& l) {
    placing_ = placing::idle;
    const auto order = chosen ? machine_.start(*chosen, l, unix_ns())
                              : std::optional<study_machine::start_order>{};
    if (order)
      spawn_trial(*chosen, *order, l);
    else
      tell(self_, setup_.broker, release_lease{l.id});
    if (chosen) scheduler_has_none_ = false;
    advance();
  }

  void spawn_trial(trial_number n, const study_machine::start_order& order, const lease& l) {
    trials_[n] = setup_.trials(self_->system(),
                               trial_order{n, order.attempt, machine_.config_of(n), checkpoints_[n],
                                           order.from_iteration, setup_.study.seed,
                                           std::max(1, static_cast<int>(l.cpu)), devices_of(l)},
                               trial_parent_actor{self_});
    deaths_.watch(self_, trials_[n], [this, n, attempt = order.attempt](const caf::error& why) {
      // The usual case is a trial that has said its last word: then this is stale.
      take_exit({n, attempt, "the trial's actor died: " + to_string(why)});
    });
  }

  std::vector<std::string> devices_of(const lease& l) const {
    if (setup_.devices.empty() || l.gpus.empty()) return {"cpu"};
    std::vector<std::string> names;
    for (const int gpu : l.gpus)
      names.push_back(setup_.devices.at(static_cast<std::size_t>(gpu)));
    return names;
  }

  // -- trials report, and end ---------------------------------------------------------------------

  caf::result<report_answer> take_report(trial_report r) {
    incoming_checkpoint_ = r.checkpoint;
    const auto outcome = machine_.report(r.number, r.attempt, r.metrics,
                                         static_cast<bool>(r.checkpoint), r.iteration_s, unix_ns());
    incoming_checkpoint_ = {};
    if (!outcome.recorded) return report_answer{verdict::stop};
    if (r.checkpoint) checkpoints_.set(r.number, std::move(r.checkpoint));
    for (const auto& [owner, checkpoint] : outcome.drop_checkpoints)
      if (setup_.recorder) tell(self_, setup_.recorder, drop_checkpoints{owner, {checkpoint}});
    inform_searcher(r.number, machine_.iterations_of(r.number));

    auto promise = self_->make_response_promise<report_answer>();
    reports_.open(r.number, promise);
    if (outcome.ask_scheduler)
      judge(r.number, r.attempt, outcome.result);
    else
      answer(r.number, outcome.verdict);
    if (const auto why = machine_.over(); !why.empty()) wind_up(why, trial_state::stopped);
    return promise;
  }

  void judge(trial_number n, int attempt, const result& seen) {
    ask_scheduler(judge_result{n, seen})
        .then(
            [this, n, attempt](const decision& d) {
              if (d.verdict == verdict::stop) scheduler_knows_end_.insert(n);
              answer(n, machine_.decide(n, attempt, d, unix_ns()));
              change_others(d);
              checkpoints_.answered();
              scheduler_has_none_ = false;
              advance();
            },
            [this, n](const caf::error& e) {
              answer(n, verdict::stop);
              wind_up("the scheduler failed: " + to_string(e), trial_state::interrupted);
            });
  }

  /// Answers a report, once the recorder is not too far behind.
  void answer(trial_number n, verdict v) { reports_.answer(n, v, recorder_behind()); }

  void take_exit(const trial_exit& e) {
    const auto kind = machine_.exited(e.number, e.attempt, e.error, unix_ns());
    if (kind == study_machine::exit_kind::stale) return;
    tell(self_, setup_.broker, release_lease{machine_.lease_of(e.number).id});
    trials_[e.number] = trial_actor{};
    reports_.forget(e.number);
    scheduler_has_none_ = false;
    if (kind == study_machine::exit_kind::retried) {
      scheduler_knows_end_.erase(e.number);
      tell(self_, setup_.scheduler, trial_over{e.number, trial_over::how::failed, {}});
      queue(e.number);
    } else if (kind == study_machine::exit_kind::ended) {
      forget(e.number);
    }
    if (placed_later_ && placed_later_->first == e.number) {
      const lease held = std::exchange(placed_later_, std::nullopt)->second;
      return place(e.number, held);
    }
    advance();
  }

  /// A trial has ended for good.
  void forget(trial_number n) {
    checkpoints_.fade(n);
    const trial_state state = machine_.state_of(n);
    const auto& last = machine_.last_result_of(n);
    const bool failed = state == trial_state::failed;
    const bool scheduler_stopped = scheduler_knows_end_.erase(n) != 0;
    if (state != trial_state::interrupted && !scheduler_stopped)
      tell(self_, setup_.scheduler,
           trial_over{n, failed ? trial_over::how::failed : trial_over::how::completed, last});
    inform_searcher(n, std::nullopt, scheduler_stopped && !failed);
    if (failed && setup_.study.fail_fast)
      wind_up("fail_fast: trial " + trial_id(n) + " failed", trial_state::interrupted);
  }

  /// Ends the paused trials that end by decision `d`, which the scheduler has ended already, and
  /// gives others the checkpoints, configurations and amounts that they go on with.
  void change_others(const decision& d) {
    for (const trial_number n : d.also_stop) {
      if (!machine_.stop_paused(n, d.reason, unix_ns())) continue;
      scheduler_knows_end_.insert(n);
      if (is_final(machine_.state_of(n))) forget(n);
    }
    for (const exploit& e : d.exploits)
      if (machine_.take_over(e, unix_ns()))
        checkpoints_.set(e.trial, checkpoints_[e.donor]);
      else if (!is_final(machine_.state_of(e.trial)))
        tell(self_, setup_.scheduler, keep_config{e.trial, machine_.config_of(e.trial)});
    for (const resize& r : d.resizes)
      machine_.resize(r, unix_ns());
  }

  void inform_searcher(trial_number n, std::optional<int> iteration, bool stopped = false) {
    auto o = machine_.outcome_of(n);
    if (iteration && !o) return; // it broke a promise, and fails
    tell(self_, setup_.searcher,
         searcher_news{machine_.last_seq(), n, iteration, std::move(o), stopped});
    news_meanwhile_ = true;
    if (std::exchange(waits_for_news_, false)) suggesting_ = false;
  }

  // -- the journal --------------------------------------------------------------------------------

  void publish(const event_ptr& e) {
    if (setup_.recorder) tell(self_, setup_.recorder, record_event{e, incoming_checkpoint_});
    for (const auto& s : setup_.subscribers)
      tell(self_, s, e);
  }

  bool recorder_behind() const {
    return setup_.recorder && not_recorded_.empty() &&
           machine_.last_seq() > durable_ + recorder_backlog;
  }

  void take_durable(std::uint64_t seq) {
    durable_ = seq;
    if (!recorder_behind()) reports_.release();
  }

  void take_recording_failure(const std::string& what) {
    not_recorded_ = what;
    reports_.release();
    wind_up("the results cannot be written: " + what, trial_state::interrupted);
  }

  // -- the study ends -----------------------------------------------------------------------------

  void wind_up(const std::string& reason, trial_state running_become) {
    if (ended_ || machine_.winding_up() || machine_.last_seq() == 0) return;
    for (const trial_number n : machine_.wind_up(reason, running_become, unix_ns()))
      tell(self_, trials_[n], stop_trial{reason});
    if (placing_ == placing::waiting_for_lease) {
      // Answered after any grant that has crossed it, which take_lease gives back.
      placing_ = placing::cancelling;
      const auto idle = [this] {
        placing_ = placing::idle;
        advance();
      };
      ask(self_, setup_.broker, answer_timeout, cancel_lease{ticket_}, lease_client_actor{self_})
          .then(idle, [idle](const caf::error&) { idle(); });
    }
    timers_.push_back(self_->run_delayed(setup_.stop_deadline, [this] { abandon_stuck(); }));
    advance();
  }

  /// A thread cannot be killed: trials that do not return are named and left behind.
  void abandon_stuck() {
    const auto running = machine_.running_trials();
    for (const trial_number n : running) {
      stuck_.push_back(n);
      take_exit({n, machine_.attempt_of(n), "its function did not return when told to stop"});
    }
  }

  void end() {
    ended_ = true;
    for (auto& timer : timers_)
      timer.dispose();
    machine_.end(unix_ns());
    auto results = machine_.results();
    results.stuck = stuck_;
    results.not_recorded = not_recorded_;
    results_ = std::make_shared<study_results>(std::move(results));
    if (!setup_.recorder) return deliver();
    ask(self_, setup_.recorder, answer_timeout, finish_recording{results_})
        .then([this] { deliver(); },
              [this](const caf::error& e) {
                if (results_->not_recorded.empty()) results_->not_recorded = to_string(e);
                deliver();
              });
  }

  caf::result<study_results> promise_results() {
    auto promise = self_->make_response_promise<study_results>();
    askers_.push_back(promise);
    if (delivering_) deliver();
    return promise;
  }

  /// Hands out the results, when both they and somebody who asks are there; then all is over.
  void deliver() {
    delivering_ = true;
    if (askers_.empty()) return;
    for (auto& asker : askers_)
      asker.deliver(*results_);
    self_->send_exit(setup_.scheduler, caf::exit_reason::user_shutdown);
    self_->send_exit(setup_.searcher, caf::exit_reason::user_shutdown);
    if (setup_.recorder) self_->send_exit(setup_.recorder, caf::exit_reason::user_shutdown);
    self_->quit();
  }

  /// Trials are placed one after the other: a slot first, then the choice of who runs in it.
  enum class placing { idle, waiting_for_lease, choosing, cancelling };

  controller_actor::pointer self_;
  controller_setup setup_;
  study_machine machine_;
  death_watch deaths_;

  std::vector<trial_actor> trials_; ///< By number; null unless running.
  live_checkpoints checkpoints_;
  open_reports reports_;
  std::set<trial_number> scheduler_knows_end_; ///< It stopped them itself; they still wind down.
  checkpoint incoming_checkpoint_;             ///< Of the report being taken.

  placing placing_ = placing::idle;
  std::optional<std::pair<trial_number, lease>> placed_later_; ///< While choosing.
  std::optional<trial_number> resized_; ///< Chosen, and waits for a lease of its own size.
  std::uint64_t ticket_ = 0;
  bool scheduler_has_none_ = false; ///< It chose nobody, and has had no news since it was asked.
  bool suggesting_ = false;
  bool waits_for_news_ = false;
  bool news_meanwhile_ = false; ///< The searcher has been told something since it was asked.

  std::uint64_t durable_ = 0;
  std::string not_recorded_;

  std::vector<caf::disposable> timers_;
  std::vector<trial_number> stuck_;
  std::shared_ptr<study_results> results_;
  std::vector<caf::typed_response_promise<study_results>> askers_;
  bool ended_ = false;
  bool delivering_ = false;
};

} // namespace

controller_actor spawn_controller(caf::actor_system& system, controller_setup setup) {
  return system.spawn<controller_actor::stateful_impl<controller_shell>>(std::move(setup));
}

} // namespace troupe
