#include "actors/recorder.hpp"

#include "actors/caf_compat.hpp"

#include <caf/spawn_options.hpp>

#include <exception>
#include <string>

namespace troupe {

namespace {

/// The recorder as it sees itself: it also tells itself when to commit.
using self_recorder_actor = recorder_actor::extend<caf::result<void>(commit_events)>;

class recorder_state {
public:
  static inline const char* name = "recorder";

  recorder_state(self_recorder_actor::pointer self, std::unique_ptr<study_writer> writer)
      : self_{self},
        writer_{std::move(writer)} {}

  self_recorder_actor::behavior_type make_behavior() {
    return {
        [this](const record_client_actor& client) { introduce(client); },
        [this](const record_event& r) { attempt([&] { write(r); }); },
        [this](const drop_checkpoints& drop) {
          attempt([&] { writer_->drop_checkpoints(drop.number, drop.checkpoints); });
        },
        [this](const trial_log& log) { attempt([&] { writer_->log(log.number, log.line); }); },
        [this](const finish_recording& finish) { return end(*finish.results); },
        [this](commit_events) { attempt([&] { commit(); }); },
    };
  }

private:
  void introduce(const record_client_actor& client) {
    client_ = client;
    if (!failure_.empty()) tell(self_, client_, recording_failed{failure_});
  }

  /// Messages arrive in the order in which they were sent: by the time that commit_events comes
  /// back, every event that was waiting behind this one has been written.
  void write(const record_event& r) {
    const bool first = !writer_->has_uncommitted();
    writer_->write(*r.event, r.checkpoint);
    if (first) tell(self_, self_recorder_actor{self_}, commit_events{});
  }

  void commit() {
    const auto seq = writer_->commit();
    if (client_) tell(self_, client_, events_durable{seq});
  }

  caf::result<void> end(const study_results& results) {
    attempt([&] {
      commit();
      writer_->finish(results);
    });
    writer_.reset();
    client_ = nullptr;
    self_->quit();
    if (!failure_.empty()) return refusal(failure_);
    return caf::unit;
  }

  /// Does something to the writer, which the first failure is the end of. Errors go to the client
  /// and never back to the sender: they would end an actor that has only told, not asked.
  template <class Action>
  void attempt(Action action) {
    if (!writer_) return;
    try {
      action();
    } catch (const std::exception& e) {
      writer_.reset();
      failure_ = e.what();
      if (client_) tell(self_, client_, recording_failed{failure_});
    }
  }

  self_recorder_actor::pointer self_;
  std::unique_ptr<study_writer> writer_; ///< Null once recording has failed or ended.
  record_client_actor client_;
  std::string failure_;
};

} // namespace

recorder_actor spawn_recorder(caf::actor_system& system, std::unique_ptr<study_writer> writer) {
  return system.spawn<self_recorder_actor::stateful_impl<recorder_state>, caf::detached>(
      std::move(writer));
}

} // namespace troupe
