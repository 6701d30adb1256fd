#pragma once

#include "search/life/known_trial.hpp"
#include "search/life/stoppers.hpp"
#include "search/life/trial_entry.hpp"

#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
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
class study_machine {
public:
  /// Who keeps what a paused trial goes on from.
  enum class keeps_state : std::uint8_t { checkpoints, client };

  /// Events are given to `sink` in the order of the journal, after they have been applied. If
  /// clients keep their trials' states themselves, a trial may pause at any report; else only at
  /// one with a checkpoint.
  study_machine(const study& s, std::function<void(const event_ptr&)> sink,
                keeps_state who = keeps_state::checkpoints);

  /// Starts the study.
  void begin(std::int64_t now);

  /// Takes over one event of a journal, without giving it to the sink.
  void apply(const event& e);

  // -- trials come into being ---------------------------------------------------------------------

  /// Returns whether the searcher should be asked for another trial, when the scheduler would like
  /// `lookahead` pending ones to choose from.
  bool wants_trial(std::size_t lookahead) const noexcept;

  /// Returns the number of the next trial to be added.
  trial_number next_number() const noexcept { return static_cast<trial_number>(trials_.size()); }

  /// Adds a trial with the configuration suggested after event `seen`.
  void add(config c, std::uint64_t seen, std::int64_t now);

  /// Adds a trial that `by` has asked for, with this configuration: one more than there were to be.
  void add_for(const std::string& by, config c, std::int64_t now);

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

  /// How a trial left its thread.
  enum class exit_kind : std::uint8_t { stale, ended, paused, retried };

  /// The training function has returned or thrown.
  exit_kind exited(trial_number n, int attempt, const std::optional<std::string>& error,
                   std::int64_t now);

  /// Checkpoint `checkpoint` of trial `n` is on the disk.
  void saved(trial_number n, int checkpoint, std::int64_t now);

  /// A running trial has not reached whoever was to train it: it waits again, and this is none of
  /// the failures that it may have.
  exit_kind put_back(trial_number n, int attempt, const std::string& why, std::int64_t now);

  /// Whoever trains trial `n`, which runs, holds it by a lease of `lease_s` seconds.
  void lend(trial_number n, const std::string& token, double lease_s, std::int64_t now);

  /// Ends, by a rule, a trial that is paused or has been told to pause: this one ends when its
  /// function returns. Returns false and does nothing if it is neither.
  bool stop_paused(trial_number n, const std::string& reason, std::int64_t now);

  /// Ends, on somebody's wish, a trial that waits or runs: one that runs ends when its function
  /// returns. Returns false and does nothing if it is ending anyway.
  bool stop(trial_number n, const std::string& reason, std::int64_t now);

  // -- the study ends -----------------------------------------------------------------------------

  /// Starts nothing more and ends what runs. Returns the trials to be told. A second call does
  /// nothing.
  std::vector<trial_number> wind_up(const std::string& reason, trial_state running_become,
                                    std::int64_t now);

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

  /// Returns the trials that wait to be started again after an interruption.
  const std::set<trial_number>& returning() const noexcept { return returning_; }

  /// Returns the paused trials, if nothing else waits or runs, and no trial will be added, or none
  /// before the searcher has seen more results.
  std::vector<trial_number> stranded(bool searcher_waits) const;

  /// Returns why the study is to be wound up, by one of its stoppers; empty if it is not.
  std::string over() const;

  /// Returns what trials are drawn from, and the seed that they are drawn with.
  const study& subject() const noexcept { return study_; }

  bool winding_up() const noexcept { return winding_up_.has_value(); }

  /// Returns whether no trial waits and none will be added: what runs is all there is.
  bool all_placed() const noexcept;

  /// Returns whether the scheduler pauses trials, which may then go on later.
  bool may_pause() const;

  /// Returns whether nothing runs and nothing will.
  bool finished() const noexcept;

  /// Writes the last event.
  void end(std::int64_t now);

  /// Returns whether the study has ended, and since then nothing but checkpoints were lost.
  bool has_ended() const noexcept { return ended_; }

  /// Hands out the checkpoints that are not kept any longer since the last report.
  std::vector<std::pair<trial_number, int>> take_unneeded() { return std::exchange(unneeded_, {}); }

  /// Returns what the study has come to so far.
  study_results results() const;

  // -- what others ask ----------------------------------------------------------------------------

  /// Returns the configuration that trial `n` has when it is started the next time, or has now.
  const config& config_of(trial_number n) const;
  const std::string& reason_of(trial_number n) const { return trials_.at(n).summary.reason; }
  trial_state state_of(trial_number n) const { return trials_.at(n).summary.state; }
  int iterations_of(trial_number n) const { return trials_.at(n).summary.iterations; }
  /// Why trial `n` is about to end or pause, or has ended; empty if nothing is known.
  const std::string& ending_reason_of(trial_number n) const;
  int attempt_of(trial_number n) const { return trials_.at(n).attempt; }
  /// Returns whether the reports of trial `n` were made in another study.
  bool is_known(trial_number n) const { return trials_.at(n).known; }
  /// Returns whether trial `n` runs, but has been told to pause.
  bool pausing(trial_number n) const;
  /// Returns what trial `n` needs to be started the next time.
  const resources& request_of(trial_number n) const { return trials_.at(n).request; }
  const lease& lease_of(trial_number n) const { return trials_.at(n).lease; }
  /// The last report of trial `n` as schedulers see it; none if it has not reported.
  const std::optional<result>& last_result_of(trial_number n) const { return trials_.at(n).last; }
  /// What searchers learn of the last report of trial `n`; none if it has failed or not reported.
  std::optional<outcome> outcome_of(trial_number n) const;
  /// Returns whether a checkpoint of trial `n` is on the disk, as the journal says.
  bool has_saved(trial_number n, int checkpoint) const;
  /// Returns which checkpoint trial `n` is started from next: whose, and its number; or none.
  std::optional<std::pair<trial_number, int>> origin_of(trial_number n) const;
  /// Returns the numbers of the checkpoints of trial `n` that are kept, ascending.
  std::vector<int> checkpoints_of(trial_number n) const { return trials_.at(n).keeper.kept(); }
  /// And of those that may be on the disk still, in the place of later ones that are not there yet.
  std::vector<int> spares_of(trial_number n) const;
  const std::set<trial_number>& running_trials() const noexcept { return running_; }
  std::uint64_t last_seq() const noexcept { return seq_; }
  /// How long it has gone on, in seconds; while it was stopped does not count.
  double wall_s() const noexcept { return static_cast<double>(wall_ns_) * 1e-9; }

private:
  void emit(std::int64_t now, std::optional<trial_number> n, event_body body);
  /// Returns the trial if it runs its attempt `attempt`, else null.
  trial_entry* current(trial_number n, int attempt);
  /// Returns report `iteration`, made after `total_s` seconds of training, as schedulers see it.
  result as_result(const metrics& m, int iteration, double total_s) const;
  report_outcome repeat(trial_number n, const metrics& m, bool has_checkpoint, double iteration_s,
                        std::int64_t now);
  /// What the study's own rules make of a trial's last report, if they do not let it go on.
  std::optional<event_kind::trial_decided> ruling(const trial_entry& t) const;
  /// Why a report ends its trial, by the study's own rules; empty if it does not.
  std::string stop_reason(const trial_entry& t, const metrics& m) const;
  void fail(trial_number n, const std::string& error, std::int64_t now);
  bool no_more() const noexcept { return exhausted_ || trials_.size() >= total_; }
  verdict pause(trial_number n, const decision& d, std::int64_t now);
  /// Returns whether trial `n` has a checkpoint of its own to go on from.
  bool can_donate(trial_number n) const {
    return n < trials_.size() && trials_[n].resume_checkpoint.has_value();
  }

  /// A trial does not need another's checkpoint any longer, if it did.
  void give_back(trial_entry& t);
  /// Checkpoint `checkpoint` of trial `n` is not needed any longer.
  void drop(trial_number n, int checkpoint);
  /// A trial has come with a checkpoint of report `iteration`, whose metric is `value`.
  void take_checkpoint(trial_number n, int checkpoint, int iteration, double total_s, double value);
  /// A trial goes on from its last checkpoint that is left; from the start if none is.
  static void fall_back(trial_entry& t);
  void limit(const study_limits& limits);
  /// A waiting trial waits no longer.
  void leave_queue(const trial_entry& t);

  void apply(const event_kind::trial_added&, std::optional<trial_number>);
  void apply(const event_kind::trial_started&, std::optional<trial_number>);
  void apply(const event_kind::trial_reported&, std::optional<trial_number>);
  void apply(const event_kind::trial_decided&, std::optional<trial_number>);
  void apply(const event_kind::trial_failed&, std::optional<trial_number>);
  void apply(const event_kind::trial_paused&, std::optional<trial_number>);
  void apply(const event_kind::trial_exploited&, std::optional<trial_number>);
  void apply(const event_kind::trial_resized&, std::optional<trial_number>);
  void apply(const event_kind::trial_ended&, std::optional<trial_number>);
  void apply(const event_kind::study_stopping&, std::optional<trial_number>);
  void apply(const event_kind::checkpoint_saved&, std::optional<trial_number>);
  void apply(const event_kind::study_resumed&, std::optional<trial_number>);
  void apply(const event_kind::checkpoint_taken&, std::optional<trial_number>);
  void apply(const event_kind::checkpoint_lost&, std::optional<trial_number>);

  template <class Told>
  void apply(const Told&, std::optional<trial_number>) {} // it tells readers

  study study_;
  std::uint64_t total_;     ///< Number of trials, those that were asked for included.
  std::uint64_t added_ = 0; ///< Number of those.
  std::string time_attr_;
  bool requires_time_ = false; ///< A report without it breaks a promise.
  keeps_state keeps_state_;
  std::function<void(const event_ptr&)> sink_;
  std::vector<std::unique_ptr<stopper>> stoppers_;
  std::vector<trial_entry> trials_;
  std::set<trial_number> running_;
  std::set<trial_number> returning_;     ///< Pending, after an interruption.
  std::size_t pending_ = 0, paused_ = 0; ///< Trials that wait.
  bool exhausted_ = false, ended_ = false;
  bool choosing_ = false; ///< And no event has told of it.
  std::optional<std::string> winding_up_;
  bool ends_for_good_ = false; ///< It winds up, and not because it has been interrupted.
  std::vector<std::pair<trial_number, int>> unneeded_; ///< Checkpoints to be dropped.
  std::uint64_t seq_ = 0;
  std::int64_t last_ns_ = 0; ///< When the last event was.
  std::int64_t wall_ns_ = 0; ///< From event to event, as far as the clock went forward.
};

} // namespace troupe
