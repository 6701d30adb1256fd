#pragma once

#include "search/life/known_trial.hpp"
#include "store/journal.hpp"
#include "store/optuna_view.hpp"
#include "store/study_folder.hpp"
#include "store/trial_files.hpp"
#include "store/trial_texts.hpp"
#include "store/written_metrics.hpp"

#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// Writes a study down in its results folder. The journal comes first; the trials' files are made
/// from the same events, if they are wanted. A trial that has neither them nor a checkpoint, and
/// says nothing, has no folder.
///
/// Files that are made from events are written after the commit. One that cannot be written does
/// not end the study, for the journal has it all: its trial is written no further, and finish()
/// tells.
///
/// Members throw std::runtime_error or one of its kin when something cannot be written; what was
/// not committed is then lost, and the writer is of no use any more. One thread at a time.
class study_writer {
public:
  /// Begins a study in `folder`, which must not hold one: creates its journal. Takes the folder
  /// only if that succeeds. `with_trial_files`: whether trials get params.json, result.json and
  /// progress.csv. `how`: see journal_writer.
  explicit study_writer(std::unique_ptr<study_folder>&& folder, bool with_trial_files = true,
                        durability how = durability::group);

  /// Begins study `s` in `folder`: replaces what a former one left there, creates the journal, and
  /// writes study.json, in which "trial_files" is decided. Throws folder_error if something cannot
  /// be written: the folder then has nothing of this study, and the former one still.
  static std::unique_ptr<study_writer> begin(std::unique_ptr<study_folder> folder, const study& s);

  /// Goes on with the study that is in `folder`, and began as `begun`. `past` is told every event
  /// of its journal, in order. Makes the trials' files anew, where they are wanted and lack what
  /// the journal has. Throws folder_error if the trials are trained by whoever asks for them,
  /// journal_error for an event that cannot be understood, or that `past` refuses by a
  /// std::logic_error.
  static std::unique_ptr<study_writer> go_on(std::unique_ptr<study_folder> folder,
                                             const study& begun, durability how,
                                             const std::function<void(const event&)>& past);

  /// Writes an event. Throws std::logic_error for one that cannot follow the ones before.
  void write(const event_ptr& e);

  /// Appends a line to a trial's log.txt.
  void log(trial_number number, std::string_view line);

  /// Returns whether something waits for the next commit.
  bool has_uncommitted() const noexcept { return journal_.has_uncommitted(); }

  /// Commits all events (see journal_writer); returns the last one's seq. Optuna's view follows
  /// when so many events wait for it that it is cheap, or after update_view(). `committed`, if it
  /// is not empty, is told that seq before anything is derived from the events: what fails then has
  /// not kept them out of the journal.
  std::uint64_t commit(const std::function<void(std::uint64_t)>& committed = {});

  /// Returns whether Optuna's view is behind the events.
  bool view_waits() const noexcept { return !unviewed_.empty(); }

  /// Lets Optuna's view take all events, in what the next commit() ends.
  void update_view();

  /// Whether a commit waits for sync() to survive a power cut.
  bool syncs_later() const noexcept { return journal_.syncs_later(); }

  /// Returns the trials that other programs have added to Optuna's view: see foreign_trials.
  std::vector<known_trial> foreign_trials(const study& s);

  /// What has been committed survives a power cut when this returns.
  void sync() { journal_.sync(); }

  const study_layout& layout() const noexcept { return layout_; }

  /// Commits and writes summary.json, in which checkpoints are named relative to its folder. Then
  /// throws std::runtime_error if some file that is made from events could not be written.
  void finish(const study_results& results);

private:
  /// A trial that may go on.
  struct live_trial {
    trial_texts texts;
    std::optional<trial_files> files; ///< None if they are not wanted, or cannot be written.
    bool has_ended = false;           ///< To be forgotten after the commit.
  };

  void recall(const event& e, std::vector<std::shared_ptr<std::vector<event>>>& of_trials);
  void make_files_anew(trial_number n, const std::shared_ptr<std::vector<event>>& events);
  void write_files(const event& e, const written_metrics& m);
  void add(trial_number number, const config& c);
  void take_up_again(trial_number n);
  template <class Action>
  void attempt(live_trial& t, Action action);
  template <class Action>
  void derive(live_trial& t, Action action);
  void flush_files();
  live_trial& live(const event& e);
  void note_open(trial_number number);
  void close(trial_number number);

  std::unique_ptr<study_folder> folder_; ///< Let go of last.
  study_layout layout_;
  bool with_trial_files_;
  journal_writer journal_;
  std::optional<optuna_view> view_;              ///< None if the study is not known.
  std::vector<event_ptr> unviewed_;              ///< What it has yet to take.
  std::string data_;                             ///< Kept for its capacity.
  std::map<trial_number, live_trial> trials_;    ///< But for those that have ended.
  std::deque<trial_number> open_;                ///< Those with open files, longest open first.
  std::vector<trial_number> reported_, resting_; ///< Since the last commit.
  std::string not_derived_;                      ///< The first such problem.
  bool past_its_end_ = false; ///< summary.json tells an end that the study has gone beyond.
};

} // namespace troupe
