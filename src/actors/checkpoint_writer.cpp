#include "actors/checkpoint_writer.hpp"

#include "actors/caf_compat.hpp"
#include "store/checkpoint_shelf.hpp"

#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <utility>

namespace troupe {

namespace {

/// The checkpoint writer as it sees itself: it also tells itself to go on.
using self_checkpoint_writer_actor = checkpoint_writer_actor::extend<caf::result<void>(save_next)>;

class checkpoint_writer {
public:
  static inline const char* name = "checkpoint writer";

  checkpoint_writer(self_checkpoint_writer_actor::pointer self, study_layout layout,
                    checkpoint_client_actor client)
      : self_{self},
        shelf_{std::move(layout)},
        client_{std::move(client)} {}

  self_checkpoint_writer_actor::behavior_type make_behavior() {
    return {
        [this](save_checkpoint& s) { queue(std::move(s)); },
        [this](const skip_checkpoints& s) { skip(s.which); },
        [this](const drop_checkpoints& d) { attempt([&] { drop(d); }); },
        [this](save_next) { attempt([&] { save_first(); }); },
    };
  }

private:
  /// Messages that have come by the time that save_next does are taken before it: so what they say
  /// is superfluous is never written.
  void queue(save_checkpoint s) {
    if (failed_) return;
    waiting_.push_back(std::move(s));
    if (waiting_.size() == 1) go_on();
  }

  void go_on() { tell(self_, self_checkpoint_writer_actor{self_}, save_next{}); }

  void save_first() {
    if (waiting_.empty()) return;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    shelf_.save(*next.report, next.checkpoint);
    settle(next, true);
    if (!waiting_.empty()) go_on();
  }

  void skip(const drop_checkpoints& which) {
    const auto unneeded = [&](const save_checkpoint& s) {
      return s.report->trial == which.number &&
             std::ranges::find(which.checkpoints, number_of(s)) != which.checkpoints.end();
    };
    for (const auto& s : waiting_)
      if (unneeded(s)) settle(s, false);
    std::erase_if(waiting_, unneeded);
  }

  void drop(const drop_checkpoints& which) {
    for (const int number : which.checkpoints)
      shelf_.remove(which.number, number);
  }

  static int number_of(const save_checkpoint& s) {
    return std::get<event_kind::trial_reported>(s.report->body).checkpoint.value();
  }

  void settle(const save_checkpoint& s, bool saved) {
    tell(self_, client_, checkpoint_settled{s.report->trial.value(), number_of(s), saved});
  }

  template <class Action>
  void attempt(Action action) {
    if (failed_) return;
    try {
      action();
    } catch (const std::exception& e) {
      failed_ = true;
      waiting_.clear();
      tell(self_, client_, recording_failed{e.what()});
    }
  }

  self_checkpoint_writer_actor::pointer self_;
  checkpoint_shelf shelf_;
  checkpoint_client_actor client_;
  std::deque<save_checkpoint> waiting_;
  bool failed_ = false;
};

} // namespace

checkpoint_writer_actor spawn_checkpoint_writer(caf::actor_system& system, study_layout layout,
                                                checkpoint_client_actor client) {
  return system
      .spawn<self_checkpoint_writer_actor::stateful_impl<checkpoint_writer>, caf::detached>(
          std::move(layout), std::move(client));
}

} // namespace troupe
