#include "actors/checkpoint_writer.hpp"

#include "actors/caf_compat.hpp"
#include "search/life/taken_checkpoint.hpp"
#include "store/checkpoint_queue.hpp"
#include "store/checkpoint_shelf.hpp"

#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>

#include <exception>
#include <map>
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
        [this](save_checkpoint& s) { take(std::move(s)); },
        [this](const skip_checkpoints& s) { skip(s.which); },
        [this](const drop_checkpoints& d) { attempt([&] { drop(d); }); },
        [this](save_next) { attempt([&] { save_first(); }); },
    };
  }

private:
  using key = checkpoint_queue::name;

  /// Messages that have come by the time that save_next does are taken before it: so what they say
  /// is superfluous is never written.
  void take(save_checkpoint s) {
    if (failed_) return;
    const key which{s.report->trial.value(), number_of(s)};
    queue_.save(which);
    brought_.emplace(which, std::move(s));
    if (brought_.size() == 1) go_on();
  }

  void go_on() { tell(self_, self_checkpoint_writer_actor{self_}, save_next{}); }

  void save_first() {
    const auto which = queue_.next_to_save();
    if (!which) return;
    const auto& next = brought_.at(*which);
    shelf_.save(*next.report, next.checkpoint);
    queue_.saved();
    settle(*which, true);
    remove_what_may();
    if (queue_.next_to_save()) go_on();
  }

  void skip(const drop_checkpoints& which) {
    for (const int number : which.checkpoints)
      if (queue_.skip({which.number, number})) settle({which.number, number}, false);
  }

  void drop(const drop_checkpoints& which) {
    for (const int number : which.checkpoints)
      queue_.remove({which.number, number});
    remove_what_may();
  }

  void remove_what_may() {
    for (const auto& [n, number] : queue_.take_removable())
      shelf_.remove(n, number);
  }

  static int number_of(const save_checkpoint& s) { return checkpoint_of(*s.report).value().number; }

  void settle(const key& which, bool saved) {
    brought_.erase(which);
    tell(self_, client_, checkpoint_settled{which.first, which.second, saved});
  }

  template <class Action>
  void attempt(Action action) {
    if (failed_) return;
    try {
      action();
    } catch (const std::exception& e) {
      failed_ = true;
      brought_.clear();
      tell(self_, client_, recording_failed{e.what()});
    }
  }

  self_checkpoint_writer_actor::pointer self_;
  checkpoint_shelf shelf_;
  checkpoint_client_actor client_;
  checkpoint_queue queue_;
  std::map<key, save_checkpoint> brought_; ///< Those that wait to be saved.
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
