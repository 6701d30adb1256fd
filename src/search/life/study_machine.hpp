#pragma once

#include "search/life/cause.hpp"
#include "search/life/known_trial.hpp"
#include "search/life/study_origin.hpp"
#include "search/life/study_state.hpp"

#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// The rules of a study's and of every trial's life, without clocks, threads, disks or actors.
///
/// Commands come in, events go out: each command first decides what happened, then says so in one
/// or more events, and only applying an event changes the state. So the journal is the state, and
/// applying a journal's events to a fresh machine rebuilds it.
///
/// The machine does not decide what schedulers and searchers decide; whoever drives it asks them.
/// All times are Unix times in nanoseconds. Not thread-safe.
class study_machine : public study_state {
public:
  /// Events are given to `sink` in the order of the journal, after they have been applied.
  study_machine(const study& s, std::function<void(const event_ptr&)> sink,
                keeps_state who = keeps_state::checkpoints);

  /// Starts the study.
  void begin(std::int64_t now, const study_origin& from = {});

  // -- trials come into being ---------------------------------------------------------------------

  /// Returns whether the searcher should be asked for another trial, when the scheduler would like
  /// `lookahead` pending ones to choose from.
  bool wants_trial(std::size_t lookahead) const noexcept;

  /// Adds a trial with the configuration suggested after event `seen`.
  void add(config c, std::uint64_t seen, std::int64_t now);

  /// Adds a trial that `by` has asked for, with this configuration: one more than there were to be,
  /// or `within` them.
  void add_for(const std::string& by, config c, bool within, std::int64_t now);

  /// Adds a trial that somebody else has trained: one more than there were to be. It is to be
  /// started, to report what it came to, and to exit; nobody judges it.
  void add_known(const known_trial& known, config c, std::int64_t now);

  /// The searcher will suggest no more.
  void searcher_exhausted() noexcept { exhausted_ = true; }

  // -- trials run ---------------------------------------------------------------------------------

  /// Returns whether a trial waits and the study may run one more at once.
  bool wants_slot() const noexcept;

  /// How a trial is to be started.
  struct start_order {
    int attempt = 1;
    int from_iteration = 0;
    double wait_s = 0; ///< So long it had better wait first, in seconds: see retry_wait_s().
  };

  /// The scheduler has been asked who runs next, or that has been settled: an event tells of it if
  /// any other comes before that of a start.
  void choosing(bool whether) noexcept { choosing_ = whether; }
  /// And it tells of it now, if it has not.
  void note_choice(std::int64_t now);

  /// Runs a waiting trial on a lease. Returns none if it does not wait any more.
  std::optional<start_order> start(trial_number n, const lease& l, std::int64_t now,
                                   const std::optional<std::string>& client = {});

  /// What follows from a report.
  struct report_outcome {
    bool ask_scheduler = false; ///< The verdict is the scheduler's: see decide().
    troupe::verdict verdict{};  ///< Else: this.
    troupe::result result;      ///< The report as schedulers see it.
    bool recorded = false;      ///< Whether it counts; false if it came too late,
    bool repeated = false;      ///< or if the journal has had it since before an interruption.
    /// Not kept any longer: whose, and its number.
    std::vector<std::pair<trial_number, int>> drop_checkpoints;
  };

  /// Takes a report of attempt `attempt`. Rules in order: late reports are dropped; one that the
  /// journal has, of a trial that was interrupted, changes nothing but that its checkpoint is
  /// taken; a report without the study's metrics, or the scheduler's time if it has to have it,
  /// fails the trial; NaN, then the study's stop rules, end it; else the scheduler decides.
  /// `iteration`: what the trial calls the report; default: the last one's and one.
  report_outcome report(trial_number n, int attempt, const metrics& m, bool has_checkpoint,
                        double iteration_s, std::int64_t now, std::optional<int> iteration = {});

  /// Returns whether the last report of trial `n` is the scheduler's to judge.
  bool scheduler_judges(trial_number n) const;

  /// Takes the scheduler's decision on the last report of trial `n`; returns what the trial is to
  /// do. A decision for a trial that has ended or been told to end meanwhile is dropped. What is
  /// said about other trials, and all exploits, are commands of their own.
  verdict decide(trial_number n, int attempt, const decision& d, std::int64_t now);

  /// Lets a trial that is paused, or has been told to pause, go on as the donor's last report with
  /// a checkpoint left off. Returns false and does nothing if it is neither, or if the donor would
  /// itself go on from another trial's checkpoint, or from none.
  bool take_over(const exploit& e, std::int64_t now);

  /// Lets a trial that waits, or has been told to pause, run on another amount from its next start
  /// on. Returns false and does nothing if it does neither.
  bool resize(const troupe::resize& r, std::int64_t now);

  /// How a trial left its thread; `held`: the study is paused.
  enum class exit_kind : std::uint8_t { stale, ended, paused, held, retried };

  /// The training function has returned or thrown.
  exit_kind exited(trial_number n, int attempt, const std::optional<cause>& error,
                   std::int64_t now);

  /// Checkpoint `checkpoint` of trial `n` is on the disk, be it one that a later report has
  /// superseded meanwhile: then it is what a crash leaves, until a later one is there.
  void saved(trial_number n, int checkpoint, std::int64_t now);

  /// A running trial has not reached whoever was to train it: it waits again, and this is none of
  /// the failures that it may have.
  exit_kind put_back(trial_number n, int attempt, const std::string& why, std::int64_t now);

  /// Whoever trains trial `n`, which runs, holds it by a lease of `lease_s` seconds.
  void lend(trial_number n, const std::string& token, double lease_s, std::int64_t now);

  /// Ends, by a rule, a trial that is paused or has been told to pause: this one ends when its
  /// function returns. Returns false and does nothing if it is neither.
  bool stop_paused(trial_number n, const cause& why, std::int64_t now);

  /// Ends, on somebody's wish, a trial that waits or runs: one that runs ends when its function
  /// returns. Returns false and does nothing if it is ending anyway.
  bool stop(trial_number n, const cause& why, std::int64_t now);

  /// A trial that runs is out of time: it fails when its function returns. Returns false and does
  /// nothing if it is ending anyway.
  bool expire(trial_number n, const cause& why, std::int64_t now);

  /// A trial that waits fails, whatever retries it has left: it is never going to be started.
  void refuse(trial_number n, const cause& why, std::int64_t now);

  // -- somebody intervenes ------------------------------------------------------------------------

  /// Starts nothing more until go_on(), and no trial is added meanwhile. A trial that runs, and may
  /// go on after a report that came with a checkpoint, leaves instead, and waits to be started
  /// again.
  void pause_study(const std::string& by, std::int64_t now);
  void go_on(std::int64_t now);

  /// Other limits hold.
  void change_limits(const study_limits& limits, const std::string& by, std::int64_t now);

  /// A trial that has failed for good waits to be tried again.
  void retry(trial_number n, std::int64_t now);

  // -- the study ends -----------------------------------------------------------------------------

  /// Starts nothing more and ends what runs. Returns the trials to be told. A second call does
  /// nothing.
  std::vector<trial_number> wind_up(const cause& why, trial_state running_become, std::int64_t now);

  /// Lets the study go on, whatever has stopped it, perhaps within other limits: trials that run
  /// and have not been told to end otherwise, and those that were interrupted, wait to be started
  /// again from their last checkpoint. With `retry_failed`, so do those that have failed. Returns
  /// these.
  std::vector<trial_number> resume(const std::optional<study_limits>& limits, bool retry_failed,
                                   std::int64_t now);

  /// A checkpoint of trial `n`, which is kept, is not on the disk: nothing goes on from it.
  void lost(trial_number n, int checkpoint, std::int64_t now);

  /// Says of the last report of trial `n`, which runs, what the study's own rules make of it, if
  /// that has not been said.
  void rule(trial_number n, std::int64_t now);

  /// Returns the paused trials, if nothing else waits or runs, and no trial will be added, or none
  /// before the searcher has seen more results.
  std::vector<trial_number> stranded(bool searcher_waits) const;

  /// Writes the last event.
  void end(std::int64_t now);

  /// Hands out the checkpoints that are not kept any longer since the last report.
  std::vector<std::pair<trial_number, int>> take_unneeded() { return std::exchange(unneeded_, {}); }

private:
  void emit(std::int64_t now, std::optional<trial_number> n, event_body body);
  /// Returns the trial if it runs its attempt `attempt`, else null.
  trial_entry* current(trial_number n, int attempt);
  report_outcome repeat(trial_number n, const metrics& m, bool has_checkpoint, double iteration_s,
                        std::int64_t now);
  /// What the study's own rules make of a trial's last report, if they do not let it go on.
  std::optional<event_kind::trial_decided> ruling(const trial_entry& t) const;
  /// Why a report ends its trial, by the study's own rules; empty if it does not.
  std::optional<cause> stopped_by(const trial_entry& t, const metrics& m) const;
  void fail(trial_number n, const cause& error, std::int64_t now);
  /// A trial that runs is told to return, and what it becomes then.
  void tell_to_end(trial_number n, const cause& why, trial_state becomes, std::int64_t now);
  verdict pause(trial_number n, const decision& d, std::int64_t now);
  /// Returns what a trial does that may go on after its report; while the study is paused, it
  /// leaves.
  verdict go_on_or_leave(trial_number n, std::int64_t now);
  /// Returns whether trial `n` has a checkpoint of its own to go on from.
  bool can_donate(trial_number n) const {
    return n < trials_.size() && trials_[n].resume_checkpoint.has_value();
  }

  std::function<void(const event_ptr&)> sink_;
  bool requires_time_ = false; ///< A report without the scheduler's time breaks a promise.
  bool choosing_ = false;      ///< The scheduler has been asked, and no event has told of it.
};

} // namespace troupe
