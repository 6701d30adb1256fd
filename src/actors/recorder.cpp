#include "actors/recorder.hpp"

#include "actors/caf_compat.hpp"
#include "actors/checkpoint_writer.hpp"
#include "search/life/taken_checkpoint.hpp"

#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace {

/// How long events are gathered for a commit, so that they share the pages that they change.
constexpr auto commit_period = std::chrono::milliseconds{10};

/// How long after a commit the disk is asked to keep it, where it need not be at once: with the
/// commit period, the longest time that a power cut can take.
constexpr auto sync_period = std::chrono::milliseconds{10};

/// How far Optuna's view may be behind.
constexpr auto view_period = std::chrono::milliseconds{500};

/// The recorder as it sees itself: it also tells itself when to commit, and hears from its
/// checkpoint writer.
using self_recorder_actor =
    recorder_actor::extend<caf::result<void>(commit_events)>::extend_with<checkpoint_client_actor>;

class recorder_state {
  using task = std::variant<record_event, drop_checkpoints>;

public:
  static inline const char* name = "recorder";

  recorder_state(self_recorder_actor::pointer self, std::unique_ptr<study_writer> writer)
      : self_{self},
        writer_{std::move(writer)} {}

  self_recorder_actor::behavior_type make_behavior() {
    return {
        [this](const record_client_actor& client) { introduce(client); },
        [this](record_event& r) { take(std::move(r)); },
        [this](drop_checkpoints& d) { take(std::move(d)); },
        [this](const trial_log& log) { attempt([&] { writer_->log(log.number, log.line); }); },
        [this](const finish_recording& finish) { return end(finish.results); },
        [this](commit_events) { attempt([&] { commit(); }); },
        [this](const checkpoint_settled& s) { settle(s); },
        [this](const recording_failed& f) { give_up(f.what); },
    };
  }

private:
  void introduce(const record_client_actor& client) {
    client_ = client;
    if (!failure_.empty()) tell(self_, client_, recording_failed{failure_});
  }

  /// What comes after something that has to wait waits as well.
  void take(task t) {
    if (!writer_) return;
    tasks_.push_back(std::move(t));
    work_off();
  }

  void work_off() {
    for (; !tasks_.empty() && !has_to_wait(tasks_.front()); tasks_.pop_front())
      if (auto* r = std::get_if<record_event>(&tasks_.front()))
        attempt([&] { write(*r); });
      else
        drop(std::get<drop_checkpoints>(std::move(tasks_.front())));
  }

  /// Who takes over a checkpoint relies on it: the journal must not say so before the disk has it.
  bool has_to_wait(const task& t) const {
    const auto* r = std::get_if<record_event>(&t);
    const auto* taken = r ? std::get_if<event_kind::trial_exploited>(&r->event->body) : nullptr;
    return writer_ && taken && unsaved_.contains({taken->donor, taken->checkpoint});
  }

  void write(record_event& r) {
    const bool first = !writer_->has_uncommitted();
    writer_->write(r.event);
    if (r.checkpoint) {
      unsaved_.emplace(r.event->trial.value(), checkpoint_of(*r.event).value().number);
      tell(self_, checkpoint_writer(), save_checkpoint{r.event, std::move(r.checkpoint)});
    }
    if (first) commit_soon();
  }

  /// Where nobody is told before the disk has it, there is nothing to wait for: messages arrive in
  /// the order in which they were sent, so by the time that commit_events comes back, every event
  /// that was waiting behind this one has been written.
  void commit_soon() {
    if (!writer_->syncs_later()) return tell(self_, self_recorder_actor{self_}, commit_events{});
    self_->run_delayed(commit_period, [this] { attempt([&] { commit(); }); });
  }

  /// Not before it is needed: the two keep each other alive until the recorder ends.
  const checkpoint_writer_actor& checkpoint_writer() {
    if (!checkpoints_)
      checkpoints_ = spawn_checkpoint_writer(self_->system(), writer_->layout(),
                                             checkpoint_client_actor{self_});
    return checkpoints_;
  }

  void drop(drop_checkpoints which) {
    if (!writer_) return;
    tell(self_, checkpoint_writer(), skip_checkpoints{which});
    doomed_.push_back(std::move(which));
    if (!writer_->has_uncommitted() && !sync_due_) remove_doomed();
  }

  void commit() {
    writer_->commit([this](std::uint64_t seq) {
      if (client_) tell(self_, client_, events_written{seq});
    });
    if (writer_->view_waits() && !std::exchange(view_due_, true))
      self_->run_delayed(view_period, [this] { attempt([&] { update_view(); }); });
    if (!writer_->syncs_later()) return remove_doomed();
    if (std::exchange(sync_due_, true)) return;
    self_->run_delayed(sync_period, [this] { attempt([&] { sync(); }); });
  }

  void update_view() {
    view_due_ = false;
    writer_->update_view();
    commit();
  }

  void sync() {
    sync_due_ = false;
    writer_->sync();
    if (!writer_->has_uncommitted()) remove_doomed();
  }

  /// Not before what made them superfluous survives a power cut: the journal would name what is not
  /// there.
  void remove_doomed() {
    for (auto& which : std::exchange(doomed_, {}))
      tell(self_, checkpoints_, std::move(which));
  }

  void settle(const checkpoint_settled& s) {
    unsaved_.erase({s.number, s.checkpoint});
    if (client_) tell(self_, client_, s);
    work_off();
    try_to_end();
  }

  caf::result<void> end(std::shared_ptr<const study_results> results) {
    results_ = std::move(results);
    asker_ = self_->make_response_promise<void>();
    try_to_end();
    return asker_;
  }

  /// Once it has been asked to, and no checkpoint waits to be saved.
  void try_to_end() {
    if (!results_ || (writer_ && !unsaved_.empty())) return;
    attempt([this] {
      commit();
      writer_->finish(*results_);
    });
    if (failure_.empty()) remove_doomed(); // else the journal may still need them
    const auto close = [this] {
      writer_.reset();
      given_up_.reset();
      if (failure_.empty())
        asker_.deliver();
      else
        asker_.deliver(refusal(failure_));
      if (checkpoints_) self_->send_exit(checkpoints_, caf::exit_reason::user_shutdown);
      self_->quit();
    };
    results_.reset();
    client_ = nullptr;
    if (!checkpoints_) return close();
    // Answered when all that it was told before has been done.
    ask(self_, checkpoints_, caf::infinite, drop_checkpoints{})
        .then(close, [close](const caf::error&) { close(); });
  }

  /// Does something to the writer, which the first failure is the end of. Errors go to the client
  /// and never back to the sender: they would end an actor that has only told, not asked.
  template <class Action>
  void attempt(Action action) {
    if (!writer_) return;
    try {
      action();
    } catch (const std::exception& e) {
      give_up(e.what());
    }
  }

  void give_up(const std::string& why) {
    if (!writer_) return;
    given_up_ = std::move(writer_);
    failure_ = why;
    for (const auto& [n, number] : unsaved_) // no report will say that they are there
      tell(self_, checkpoints_, skip_checkpoints{{n, {number}}});
    if (client_) tell(self_, client_, recording_failed{failure_});
    try_to_end();
  }

  self_recorder_actor::pointer self_;
  std::unique_ptr<study_writer> writer_; ///< Null once recording has failed or ended.
  /// What has failed: it has the folder as long as checkpoints may be written there. A study that
  /// is not in it goes with it, whole.
  std::unique_ptr<study_writer> given_up_;
  checkpoint_writer_actor checkpoints_;
  record_client_actor client_;
  std::vector<drop_checkpoints> doomed_; ///< To be removed when the journal is safe.
  bool sync_due_ = false, view_due_ = false;
  std::deque<task> tasks_;                         ///< In the order in which they came.
  std::set<std::pair<trial_number, int>> unsaved_; ///< Checkpoints that wait to be saved.
  std::string failure_;
  std::shared_ptr<const study_results> results_; ///< Set when it is asked to finish,
  caf::typed_response_promise<void> asker_;      ///< by whom this answers.
};

} // namespace

recorder_actor spawn_recorder(caf::actor_system& system, std::unique_ptr<study_writer> writer) {
  return system.spawn<self_recorder_actor::stateful_impl<recorder_state>, caf::detached>(
      std::move(writer));
}

} // namespace troupe
