#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"
#include "search/life/taken_checkpoint.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace troupe {

/// A study's recorder as its controller sees it: what is told to it, how far it is behind, and what
/// may be shown to others.
class recording {
public:
  /// How many events the recorder may be behind before trials have to wait for it.
  static constexpr std::uint64_t most_behind = 10'000;

  /// A disk may be slow; an answer that never comes must still be noticed.
  static constexpr auto longest_write = std::chrono::hours{24};

  /// How many checkpoints may wait to be saved before trials have to wait: a study that is told to
  /// end saves them first.
  static constexpr std::size_t most_unsaved = 200;

  /// `recorder` may be null: then nothing is written down. `most_bytes`: the same in bytes. The
  /// journal has `written` events already.
  recording(controller_actor::pointer self, recorder_actor recorder, std::uint64_t most_bytes,
            std::uint64_t written)
      : self_{self},
        recorder_{std::move(recorder)},
        most_bytes_{most_bytes},
        seq_{written},
        written_{written} {}

  /// Writes down the study's next event, and the checkpoint that it brings.
  void write(const event_ptr& e, const checkpoint& c) {
    seq_ = e->seq;
    if (!records()) return;
    // Not before: the two would keep each other alive though nobody ever starts the study.
    if (!std::exchange(introduced_, true)) tell(self_, recorder_, record_client_actor{self_});
    const auto taken = c ? checkpoint_of(*e) : std::nullopt;
    if (taken) {
      const auto bytes = c.bytes_in_memory();
      unsaved_.emplace(std::pair{*e->trial, taken->number}, bytes);
      unsaved_bytes_ += bytes;
    }
    tell(self_, recorder_, record_event{e, taken ? c : checkpoint{}});
  }

  void drop(trial_number n, int checkpoint) {
    if (recorder_) tell(self_, recorder_, drop_checkpoints{n, {checkpoint}});
  }

  void log(trial_log line) {
    if (recorder_) tell(self_, recorder_, std::move(line));
  }

  /// The recorder has said so.
  void written(std::uint64_t seq) noexcept { written_ = std::max(written_, seq); }
  void settled(const checkpoint_settled& s) {
    const auto found = unsaved_.find({s.number, s.checkpoint});
    if (found == unsaved_.end()) return;
    unsaved_bytes_ -= found->second;
    unsaved_.erase(found);
  }
  void failed(const std::string& what) {
    failure_ = what;
    unsaved_.clear();
  }

  /// Returns the last event that others may see: what is in the journal; all of them, if nothing is
  /// written down. When the recorder has given up, what it has not written is never shown.
  std::uint64_t visible() const noexcept { return recorder_ ? written_ : seq_; }

  /// Says in results what has been recorded, and why no more.
  void tell_of_itself(study_results& results) const {
    results.not_recorded = failure_;
    results.recorded = recorder_ ? written_ : 0;
  }

  /// Ends the recording, with what the study has come to; then calls `done`. The recorder ends,
  /// too.
  template <class Done>
  void finish(std::shared_ptr<const study_results> results, Done done) {
    if (!recorder_) return done();
    ask(self_, recorder_, longest_write, finish_recording{std::move(results)})
        .then(
            [this, done] {
              written_ = seq_;
              done();
            },
            [this, done](const caf::error& e) {
              if (failure_.empty()) failure_ = explanation(e);
              self_->send_exit(recorder_, caf::exit_reason::user_shutdown);
              done();
            });
  }

  /// Returns whether checkpoints wait to be saved.
  bool saving() const noexcept { return !unsaved_.empty(); }

  /// Returns whether trials have to wait for it.
  bool behind() const noexcept {
    return records() && (seq_ > written_ + most_behind || unsaved_.size() > most_unsaved ||
                         unsaved_bytes_ > most_bytes_);
  }

private:
  bool records() const noexcept { return recorder_ && failure_.empty(); }

  controller_actor::pointer self_;
  recorder_actor recorder_;
  std::uint64_t most_bytes_;
  std::uint64_t seq_, written_;
  bool introduced_ = false; ///< The recorder knows whom to tell.
  std::map<std::pair<trial_number, int>, std::uint64_t> unsaved_; ///< Their bytes.
  std::uint64_t unsaved_bytes_ = 0;
  std::string failure_;
};

} // namespace troupe
