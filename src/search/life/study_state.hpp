#pragma once

#include "base/packed.hpp"
#include "search/life/stoppers.hpp"
#include "search/life/trial_entry.hpp"

#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What the events of a study's journal add up to: where its trials are, and what they have come
/// to. Only events change it, but for few things that no event tells. Not thread-safe.
class study_state {
public:
  /// Who keeps what a paused trial goes on from.
  enum class keeps_state : std::uint8_t {
    checkpoints, ///< The disk, which has a checkpoint some time after its report,
    memory,      ///< the process, which has it at once, and no longer than it lives,
    client,      ///< or whoever trains the trial.
  };

  /// Of the study before its first event. If clients keep their trials' states themselves, a trial
  /// may pause at any report; else only at one with a checkpoint.
  study_state(const study& s, keeps_state who);

  /// Takes the next event of the journal. Throws std::invalid_argument if its number is another's.
  void apply(const event& e);

  // -- the study ----------------------------------------------------------------------------------

  /// Returns the number of the next trial to be added.
  trial_number next_number() const noexcept { return static_cast<trial_number>(trials_.size()); }

  /// Returns why the study is to be wound up, by one of its stoppers; empty if it is not.
  std::string over() const;

  /// Returns what trials are drawn from, and the seed that they are drawn with.
  const study& subject() const noexcept { return study_; }

  bool winding_up() const noexcept { return winding_up_.has_value(); }

  /// Returns whether somebody has paused the study.
  bool paused() const noexcept { return is_paused_; }

  /// Returns how many trials there are going to be, if the searcher has as many to suggest.
  std::uint64_t total() const noexcept { return total_; }

  /// Returns whether no trial waits and none will be added: what runs is all there is.
  bool all_placed() const noexcept;

  /// Returns whether the scheduler pauses trials, which may then go on later.
  bool may_pause() const;

  /// Returns whether nothing runs and nothing will.
  bool finished() const noexcept;

  /// Returns whether the study has ended, and since then nothing but checkpoints were lost.
  bool has_ended() const noexcept { return ended_; }

  /// Returns the trials that wait to be started again after an interruption, or a pause of the
  /// study.
  const std::set<trial_number>& returning() const noexcept { return returning_; }
  const std::set<trial_number>& running_trials() const noexcept { return running_; }
  std::uint64_t last_seq() const noexcept { return seq_; }
  /// How long it has gone on, in seconds; while it was stopped does not count.
  double wall_s() const noexcept { return static_cast<double>(wall_ns_) * 1e-9; }

  /// Returns what the study has come to so far.
  study_results results() const;

  // -- its trials ---------------------------------------------------------------------------------

  const trial_summary& summary_of(trial_number n) const { return trials_.at(n).summary; }

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
  const resources& request_of(trial_number n) const {
    const auto& own = trials_.at(n).request;
    return own ? own->amount : study_.per_trial;
  }
  /// Returns whether that follows from its configuration.
  bool follows_config(trial_number n) const {
    const auto& own = trials_.at(n).request;
    return own && !own->resized;
  }
  /// Returns the first of those that wait of which that is so.
  std::optional<trial_number> first_following_config() const;
  /// Returns why trial `n` cannot be given what it needs, wherever it is; empty if it can.
  std::string request_problem(trial_number n) const {
    const auto& own = trials_.at(n).request;
    return own ? own->problem : std::string{};
  }
  /// Returns what no trial so far needs less than, each resource by itself.
  const resources& least_request() const { return least_ ? *least_ : study_.per_trial; }
  /// What trial `n` has been given, as long as it runs.
  lease lease_of(trial_number n) const {
    const auto& given = trials_.at(n).lease;
    return given ? *given : lease{};
  }
  /// The last report of trial `n` as schedulers see it; none if it has not reported.
  std::optional<result> last_result_of(trial_number n) const;
  /// What searchers learn of the last report of trial `n`; none if it has failed or not reported.
  std::optional<outcome> outcome_of(trial_number n) const;
  /// Returns whether a checkpoint of trial `n` is on the disk, as the journal says.
  bool has_saved(trial_number n, int checkpoint) const;
  /// Returns which checkpoint trial `n` is started from next: whose, and its number; or none.
  std::optional<std::pair<trial_number, int>> origin_of(trial_number n) const;
  /// Returns whose checkpoint trial `n` has taken over, and its number, as long as none of its own
  /// that came after it is on the disk; or none.
  std::optional<std::pair<trial_number, int>> borrowed_by(trial_number n) const;
  /// Returns the numbers of the checkpoints of trial `n` that are kept, ascending.
  std::vector<int> checkpoints_of(trial_number n) const {
    const auto& kept = trials_.at(n).kept;
    return kept ? kept->keeper.kept() : std::vector<int>{};
  }
  /// And of those that may be on the disk still, in the place of later ones that are not there yet.
  std::vector<int> spares_of(trial_number n) const;

  // -- it is written down -------------------------------------------------------------------------

  /// Returns whether save() has all there is to say: if no trial has had a checkpoint, the limits
  /// are those of the beginning, trials are compared by their last reports, no stopper remembers
  /// anything, and the study is not paused.
  bool can_be_saved() const;
  void save(packed_writer& out) const;
  /// Takes up what another of the same study, that could be saved, has saved. Before the first
  /// event. Throws packed_error.
  void load(packed_reader& in);

protected:
  bool no_more() const noexcept { return exhausted_ || trials_.size() >= total_; }

  study study_;
  std::uint64_t total_;     ///< Number of trials, those that were asked for included.
  std::uint64_t added_ = 0; ///< Number of those.
  std::string time_attr_;
  keeps_state keeps_state_;
  std::vector<std::unique_ptr<stopper>> stoppers_;
  std::vector<trial_entry> trials_;
  std::set<trial_number> running_;
  std::set<trial_number> returning_;     ///< Pending, after an interruption or a pause.
  std::size_t pending_ = 0, paused_ = 0; ///< Trials that wait.
  std::optional<resources> least_; ///< Where what trials need follows from their configurations.
  bool exhausted_ = false, ended_ = false;
  bool limited_ = false; ///< Its limits have been changed since it was begun.
  bool is_paused_ = false;
  std::optional<std::string> winding_up_;
  bool ends_for_good_ = false; ///< It winds up, and not because it has been interrupted.
  std::vector<std::pair<trial_number, int>> unneeded_; ///< Checkpoints to be dropped.
  std::uint64_t seq_ = 0;
  std::int64_t last_ns_ = 0; ///< When the last event was.
  std::int64_t wall_ns_ = 0; ///< From event to event, as far as the clock went forward.

private:
  /// A trial does not need another's checkpoint any longer, if it did.
  void give_back(trial_entry& t);
  /// Checkpoint `checkpoint` of trial `n` is not needed any longer.
  void drop(trial_number n, int checkpoint);
  /// Returns by what the checkpoint of a report is kept or not.
  double kept_value(const metrics& m) const;
  /// A trial has come with a checkpoint of report `iteration`, which is kept by `value`.
  void take_checkpoint(trial_number n, int checkpoint, int iteration, double total_s, double value);
  /// A trial's last report may be the one that it is compared by.
  void rate(trial_entry& t, const event_kind::trial_reported& e);
  /// The last checkpoint of a trial goes with what it is compared by, and so is kept.
  void pin_last(trial_entry& t);
  /// Returns the number of the checkpoint that goes with what a trial is compared by.
  std::optional<int> scope_checkpoint(const trial_entry& t) const;
  /// A trial goes on from its last checkpoint that is left; from the start if none is.
  static void fall_back(trial_entry& t);
  void limit(const study_limits& limits);
  /// A trial that ran, or was interrupted, waits to be started again, as far as it has come.
  void await_return(trial_entry& t);
  /// A trial that has failed for good is tried again.
  void try_again(trial_entry& t);
  /// What a trial needs may follow from its configuration.
  void follow_config(trial_entry& t);
  trial_entry new_entry() const;
  trial_checkpoints no_checkpoints() const;
  /// A trial has no slot any longer. Returns whether it had one.
  bool leave_slot(trial_entry& t);
  void ask_stoppers(trial_entry& t, const event_kind::trial_reported& e);
  bool is_consistent() const;
  template <class Archive, class State>
  static void pack_members(Archive& a, State& s);
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
  void apply(const event_kind::study_paused&, std::optional<trial_number>);
  void apply(const event_kind::study_continued&, std::optional<trial_number>);
  void apply(const event_kind::trial_held&, std::optional<trial_number>);
  void apply(const event_kind::limits_changed&, std::optional<trial_number>);
  void apply(const event_kind::trial_retried&, std::optional<trial_number>);

  template <class Told>
  void apply(const Told&, std::optional<trial_number>) {} // it tells readers
};

} // namespace troupe
