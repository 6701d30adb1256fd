#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace troupe {

/// A study's recorder as its controller sees it: what is told to it, and how far it is behind.
class recording {
public:
  /// How many events the recorder may be behind before trials have to wait for it.
  static constexpr std::uint64_t most_behind = 10'000;

  /// A disk may be slow; an answer that never comes must still be noticed.
  static constexpr auto longest_write = std::chrono::hours{24};

  /// `recorder` may be null: then nothing is written down.
  recording(controller_actor::pointer self, recorder_actor recorder)
      : self_{self},
        recorder_{std::move(recorder)} {}

  /// Writes down the study's next event, and the checkpoint that it refers to.
  void write(const event_ptr& e, const checkpoint& c) {
    seq_ = e->seq;
    if (!recorder_) return;
    // Not before: the two would keep each other alive though nobody ever starts the study.
    if (seq_ == 1) tell(self_, recorder_, record_client_actor{self_});
    tell(self_, recorder_, record_event{e, c});
  }

  void drop(trial_number n, int checkpoint) {
    if (recorder_) tell(self_, recorder_, drop_checkpoints{n, {checkpoint}});
  }

  void log(trial_log line) {
    if (recorder_) tell(self_, recorder_, std::move(line));
  }

  /// The recorder has said so.
  void durable(std::uint64_t seq) noexcept { durable_ = seq; }
  void failed(const std::string& what) { failure_ = what; }

  /// Ends the recording, with what the study has come to; then calls `done`. The recorder ends,
  /// too.
  template <class Done>
  void finish(std::shared_ptr<const study_results> results, Done done) {
    if (!recorder_) return done();
    ask(self_, recorder_, longest_write, finish_recording{std::move(results)})
        .then(done, [this, done](const caf::error& e) {
          if (failure_.empty()) failure_ = explanation(e);
          self_->send_exit(recorder_, caf::exit_reason::user_shutdown);
          done();
        });
  }

  /// Why the recorder has given up; empty if it has not.
  const std::string& failure() const noexcept { return failure_; }

  /// Returns whether trials have to wait for it.
  bool behind() const noexcept {
    return recorder_ && failure_.empty() && seq_ > durable_ + most_behind;
  }

private:
  controller_actor::pointer self_;
  recorder_actor recorder_;
  std::uint64_t seq_ = 0, durable_ = 0;
  std::string failure_;
};

} // namespace troupe
