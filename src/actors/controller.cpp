#include "actors/controller.hpp"

#include "actors/audience.hpp"
#include "actors/caf_compat.hpp"
#include "actors/consultants.hpp"
#include "actors/interventions.hpp"
#include "actors/open_reports.hpp"
#include "actors/placement.hpp"
#include "actors/recording.hpp"
#include "actors/results_desk.hpp"
#include "actors/slots.hpp"
#include "actors/study_timers.hpp"
#include "actors/trial_team.hpp"
#include "actors/trial_watch.hpp"
#include "base/clock.hpp"
#include "base/seconds.hpp"

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

/// The crew that works by messages: turns messages into what happens, and orders into messages.
class controller_shell : private course_crew {
public:
  static inline const char* name = "controller";

  controller_shell(controller_actor::pointer self, controller_setup setup)
      : self_{self},
        setup_{std::move(setup)},
        course_{*setup_.course},
        placement_{setup_.seed, std::move(setup_.devices), std::move(setup_.layout),
                   setup_.most_checkpoint_bytes},
        consultants_{self, setup_.scheduler, setup_.searcher},
        slots_{self, setup_.broker},
        recording_{self, setup_.recorder, setup_.most_checkpoint_bytes,
                   course_.machine().last_seq()},
        audience_{self, std::move(setup_.subscribers)},
        interventions_{self, course_, recording_},
        trials_{self, std::move(setup_.trials)},
        timers_{self},
        watch_{timers_, setup_.stop_deadline} {
    course_.join(*this);
  }

  controller_actor::behavior_type make_behavior() {
    return {
        [this](const start_study&) { happen([this](auto now) { begin(now); }); },
        [this](const interrupt_study& i) {
          interrupt({i.reason, reason_kind::interrupted});
        },
        [this](const add_trial& a) { return interventions_.take(a); },
        [this](const stop_trial& s) { return interventions_.take(s); },
        [this](subscriber_actor& s) { audience_.join(std::move(s)); },
        [this](const await_results&) { return promise_results(); },
        [this](const pause_study& p) { return interventions_.take(p); },
        [this](const continue_study& c) { return interventions_.take(c); },
        [this](const retry_trial& r) { return interventions_.take(r); },
        [this](const change_limits& c) { return interventions_.take(c); },
        [this](trial_report& r) { return take_report(std::move(r)); },
        [this](const trial_exit& e) { take_exit(e); },
        [this](const trial_progress& p) { audience_.tell(p); },
        [this](trial_log& line) { recording_.log(std::move(line)); },
        [this](const lease_granted& g) { take_lease(g); },
        [this](const events_written& w) { catch_up(w.seq); },
        [this](const checkpoint_settled& s) { take_settled(s); },
        [this](const recording_failed& f) { take_recording_failure(f.what); },
    };
  }

private:
  /// Tells the course what has happened, and lets it do what follows.
  template <class Happening>
  void happen(Happening what) {
    const std::int64_t now = unix_ns();
    what(now);
    course_.advance(now);
  }

  /// Returns what tells it later, when it is called with what has happened.
  template <class Happening>
  auto happening(Happening what) {
    return [this, what](auto&&... told) { happen([&](auto now) { what(told..., now); }); };
  }

  void begin(std::int64_t now) {
    if (std::exchange(begun_, true)) return;
    interventions_.begin();
    setup_.resumption ? course_.resume(*setup_.resumption, now) : course_.begin(now);
    watch_.begin(course_.machine().subject(),
                 happening([this](auto& t, auto at) { course_.expire(t.number, t.why, at); }),
                 [this](const std::string& why) {
                   interrupt({why, reason_kind::stuck});
                 });
    if (!setup_.time_budget_s) return;
    const cause used_up{"time_budget_s is used up", reason_kind::time_budget};
    const double left = *setup_.time_budget_s - course_.machine().wall_s();
    if (left <= 0) return course_.wind_up(used_up, trial_state::interrupted, now);
    timers_.after(caf::timespan{to_nanoseconds(left)}, [this, used_up] { interrupt(used_up); });
  }

  /// Before it has begun, it begins and ends.
  void interrupt(const cause& why) {
    happen([&](auto now) {
      begin(now);
      course_.wind_up(why, trial_state::interrupted, now);
    });
  }

  // -- the scheduler and the searcher -------------------------------------------------------------

  void tell(const scheduler_news& news) override { consultants_.tell(news); }
  void tell(const searcher_news& news) override { consultants_.tell(news); }

  void ask(const suggest_trial& question) override {
    consultants_.ask<suggested_trial>(
        question, happening([this](auto& s, auto now) { course_.suggested(std::move(s), now); }),
        happening([this](auto& why, auto now) { course_.searcher_failed(why, now); }));
  }

  void ask(const judge_result& question) override {
    placement_.asked();
    const auto judged = [this, n = question.number, attempt = question.attempt](auto& d, auto now) {
      course_.judged(n, attempt, d, now);
      placement_.answered();
    };
    const auto failed = [this, n = question.number, attempt = question.attempt](
                            auto& why, auto now) { course_.judging_failed(n, attempt, why, now); };
    consultants_.ask<decision>(question, happening(judged), happening(failed));
  }

  void ask(const choose_trial& question) override {
    placement_.asked();
    const auto chosen = [this](auto& c, auto now) {
      course_.chosen(c, now);
      placement_.answered();
    };
    consultants_.ask<chosen_trial>(
        question, happening(chosen),
        happening([this](auto& why, auto now) { course_.choosing_failed(why, now); }));
  }

  // -- slots --------------------------------------------------------------------------------------

  void acquire(const resources& amount) override {
    slots_.acquire(amount, happening([this](auto& why, auto now) { course_.refused(why, now); }));
  }

  void take_lease(const lease_granted& g) {
    if (slots_.take(g)) happen([&](auto now) { course_.granted(g.lease, now); });
  }

  void withdraw() override {
    slots_.withdraw([this] { happen([this](auto) { course_.withdrawn(); }); });
  }
  void release(const lease& l) override { slots_.release(l); }

  // -- trials -------------------------------------------------------------------------------------

  void start(trial_number n, const study_machine::start_order& how, const lease& l) override {
    watch_.starts_in(n, how.wait_s);
    trials_.start(placement_.order(course_.machine(), n, how, l), how.wait_s,
                  [this](const trial_exit& e) { take_exit(e); });
  }
  void stop(trial_number n, const std::string& reason) override { trials_.stop(n, reason); }

  caf::result<report_answer> take_report(trial_report r) {
    auto promise = self_->make_response_promise<report_answer>();
    reports_.open(r.number, r.attempt, promise);
    incoming_checkpoint_ = std::move(r.checkpoint);
    watch_.reported(r.number);
    happen([&](auto now) {
      course_.report(r.number, r.attempt, r.metrics, static_cast<bool>(incoming_checkpoint_),
                     r.iteration_s, now);
      incoming_checkpoint_ = {};
    });
    return promise;
  }

  /// Answers a report, once the recorder is not too far behind.
  void answer(trial_number n, int attempt, verdict v) override {
    reports_.answer(n, attempt, v, recording_.behind());
  }

  void take_exit(const trial_exit& e) {
    happen([&](auto now) {
      reports_.forget(e.number, e.attempt);
      if (course_.machine().attempt_of(e.number) == e.attempt) trials_.forget(e.number);
      course_.exited(e.number, e.attempt, error_of(e), now);
    });
  }

  // -- the journal --------------------------------------------------------------------------------

  void publish(const event_ptr& e) override {
    placement_.follow(*e, incoming_checkpoint_);
    watch_.follow(*e);
    recording_.write(e, incoming_checkpoint_);
    audience_.hold(e);
    audience_.show(recording_.visible());
    if (std::holds_alternative<event_kind::study_stopping>(e->body))
      timers_.after(setup_.stop_deadline, [this] { abandon_stuck(); });
  }

  void drop(trial_number n, int checkpoint) override { recording_.drop(n, checkpoint); }

  /// The recorder has come further: others may see more, and trials need not wait.
  void catch_up(std::uint64_t written) {
    recording_.written(written);
    interventions_.settle();
    audience_.show(recording_.visible());
    if (!recording_.behind()) reports_.release();
  }

  void take_settled(const checkpoint_settled& s) {
    recording_.settled(s);
    happen([&](auto now) {
      if (s.saved) course_.saved(s.number, s.checkpoint, now);
    });
    catch_up(recording_.visible());
  }

  void take_recording_failure(const std::string& what) {
    recording_.failed(what);
    interventions_.fail("the results cannot be written: " + what);
    catch_up(recording_.visible());
    interrupt({"the results cannot be written: " + what, reason_kind::not_recorded});
  }

  // -- the study ends -----------------------------------------------------------------------------

  /// A thread cannot be killed: trials that do not return are named and left behind.
  void abandon_stuck() {
    for (const trial_number n : course_.machine().running_trials())
      trials_.abandon(n, course_.machine().attempt_of(n));
  }

  void over() override {
    if (recording_.saving()) return; // said again when one has been saved
    timers_.stop();
    course_.end(unix_ns());
    const auto results = std::make_shared<study_results>(course_.machine().results());
    results->stuck = trials_.abandoned();
    results->broken = course_.broken();
    recording_.finish(results, [this, results] {
      interventions_.settle();
      recording_.tell_of_itself(*results);
      audience_.show(recording_.visible());
      desk_.open(results);
      deliver();
    });
  }

  caf::result<study_results> promise_results() {
    auto promise = self_->make_response_promise<study_results>();
    desk_.ask(promise);
    deliver();
    return promise;
  }

  /// When somebody has the results, all is over.
  void deliver() {
    if (!desk_.serve()) return;
    consultants_.dismiss();
    self_->quit();
  }

  controller_actor::pointer self_;
  controller_setup setup_;
  study_course& course_;
  placement placement_;
  consultants consultants_;
  slots slots_;
  recording recording_;
  audience audience_;
  interventions interventions_;
  trial_team trials_;
  study_timers timers_;
  trial_watch watch_;
  open_reports reports_;
  checkpoint incoming_checkpoint_; ///< Of the report being taken.
  bool begun_ = false;
  results_desk desk_;
};

} // namespace

controller_actor spawn_controller(caf::actor_system& system, controller_setup setup) {
  return system.spawn<controller_actor::stateful_impl<controller_shell>>(std::move(setup));
}

} // namespace troupe
