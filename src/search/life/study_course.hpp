#pragma once

#include "search/life/consultation.hpp"
#include "search/life/course_crew.hpp"
#include "search/life/study_machine.hpp"
#include "search/schedulers/correctable_scheduler.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace troupe {

/// The conductor of a study: the one order in which the rules of its life, its scheduler, its
/// searcher, its slots and its trials are asked and told. What happens comes in as calls; what is
/// to be done goes out to a crew, which may answer later or in the same call.
///
/// It can be rebuilt from its journal: restore() puts each event through the scheduler and the
/// searcher again. Then it goes on as if it had never been away.
///
/// Pure: no clock, no file, no thread. All times are Unix times in nanoseconds. Not thread-safe.
class study_course {
public:
  /// `lookahead`: how many waiting trials the scheduler would like to choose from.
  study_course(const study& s, std::size_t lookahead,
               study_machine::keeps_state who = study_machine::keeps_state::checkpoints);
  study_course(const study_course&) = delete;
  study_course& operator=(const study_course&) = delete;

  /// From now on `crew` carries out what is ordered; it must outlive the course. To be called
  /// before everything else but restore().
  void join(course_crew& crew) noexcept { crew_ = &crew; }

  /// Takes over the next event of a journal, without giving it to the crew. The scheduler and the
  /// searcher are those of the study, unused but for earlier calls; from the first other call on,
  /// they are spoken to by the crew alone, which may join until then. Throws std::invalid_argument
  /// if the event cannot follow the ones before.
  void restore(const event& e, correctable_scheduler& decides, informed_searcher& suggests);

  /// Returns whether save() has all there is to say, after restore() and before anything else:
  /// nothing is half decided, and see study_state::can_be_saved.
  bool can_be_saved() const;
  void save(packed_writer& out) const;
  /// Takes up what another of the same study, that could be saved, has saved, in the place of as
  /// many calls of restore(): the scheduler and the searcher must have been told the same
  /// otherwise. Throws packed_error.
  void load(packed_reader& in);

  /// Where the study comes from, if it is going to begin.
  void comes_from(study_origin from) { origin_ = std::move(from); }

  /// Starts the study, if it has not been started.
  void begin(std::int64_t now);

  /// How a study goes on.
  struct resumption {
    std::optional<study_limits> limits{}; ///< Others than it had.
    bool retry_failed = false;            ///< Trials that have failed for good are tried again.
    /// Checkpoints that are on the disk though the journal does not say so, and the other way
    /// round: whose, and their numbers.
    std::vector<std::pair<trial_number, int>> found{}, lost{};
    std::vector<known_trial> known{}; ///< Trials that others have trained meanwhile.
  };

  /// Goes on with a study whose journal has been taken over, whatever has stopped it. What was
  /// decided and not done is done first; then trials that were interrupted wait to be started
  /// again, before all others, without a word to the scheduler, for which they run.
  void resume(const resumption& how, std::int64_t now);

  // -- what can be done is done -------------------------------------------------------------------

  /// Does whatever the study allows now. To be called after everything that has happened.
  void advance(std::int64_t now) {
    while (step(now)) {
    }
  }

  /// One round of it: asks for the trials that the scheduler would like to choose from, then for a
  /// slot. Returns whether another round would find something to do at once.
  bool step(std::int64_t now);

  /// The first half of a step alone: for when no slot is free.
  void add_trials();

  /// No trial is added any more.
  void no_more_trials() noexcept { machine_.searcher_exhausted(); }

  // -- the crew's answers -------------------------------------------------------------------------

  void suggested(suggested_trial s, std::int64_t now);
  void searcher_failed(const std::string& why, std::int64_t now);
  void judged(trial_number n, int attempt, const decision& d, std::int64_t now);
  void judging_failed(trial_number n, int attempt, const std::string& why, std::int64_t now);
  void chosen(const chosen_trial& c, std::int64_t now);
  void choosing_failed(const std::string& why, std::int64_t now);
  /// `client`: who is going to train in the slot, if that is known.
  void granted(const lease& l, std::int64_t now, std::optional<std::string> client = {});
  void refused(const std::string& why, std::int64_t now);
  void withdrawn();

  // -- trials report, and end ---------------------------------------------------------------------

  struct taken {
    bool recorded = false; ///< Whether the report counts; false if it came too late.
    troupe::result result; ///< The report as schedulers see it.
  };

  /// A trial has reported; the crew is going to be told the answer. `iteration`: what the trial
  /// calls the report; default: the last one's and one.
  taken report(trial_number n, int attempt, const metrics& m, bool has_checkpoint,
               double iteration_s, std::int64_t now, std::optional<int> iteration = {});

  /// A trial has ended by itself with this last report, which no scheduler need judge and nobody
  /// waits to be answered.
  taken finish(trial_number n, int attempt, const metrics& m, double iteration_s, std::int64_t now);

  /// A trial's function has returned or thrown. If the scheduler has yet to judge its last report,
  /// that comes first: it is what the trial ends by, or goes on with after an interruption.
  study_machine::exit_kind exited(trial_number n, int attempt, const std::optional<cause>& error,
                                  std::int64_t now);

  /// A checkpoint of trial `n` is on the disk.
  void saved(trial_number n, int checkpoint, std::int64_t now);

  /// See study_machine::put_back.
  void put_back(trial_number n, int attempt, const std::string& why, std::int64_t now);

  /// See study_machine::lend.
  void lend(trial_number n, const std::string& token, double lease_s, std::int64_t now) {
    machine_.lend(n, token, lease_s, now);
  }

  // -- somebody intervenes ------------------------------------------------------------------------

  /// Whether a trial that somebody adds is one more than there were to be, or one of these as long
  /// as not all of them are there.
  enum class addition : bool { on_top, within };

  /// Adds a trial that `by` has asked for, to a study that has begun. `given`: the values that
  /// matter; the rest is drawn, as for points_to_evaluate. Returns its number; none if the study
  /// winds up or has ended. Throws std::invalid_argument, naming the parameter, for values not of
  /// the space.
  std::optional<trial_number> add(const config& given, const std::string& by, std::int64_t now,
                                  addition how = addition::on_top);

  /// Takes note of a trial that somebody else has trained: one more than there were to be.
  /// Constants and expressions of the space follow. Returns its number; none if the study has
  /// ended. Throws as add() does, and if a parameter is missing that would have to be drawn.
  std::optional<trial_number> know(const known_trial& known, std::int64_t now);

  /// The same of several, but for those whose parameters are not those of the space: they are
  /// none of this study's.
  void know_all(const std::vector<known_trial>& all, std::int64_t now);

  /// Ends one trial, which waits or runs, as stopped. Returns why it does not, if it is ending or
  /// has ended, or there is no such trial; empty if it does.
  std::string stop(trial_number n, const cause& why, std::int64_t now);

  /// Pauses the study until go_on(), see study_machine::pause_study; lets other limits hold. Return
  /// why they cannot, if it has not begun, winds up or has ended; empty if it is done.
  std::string pause(const std::string& by, std::int64_t now);
  std::string go_on(std::int64_t now);
  std::string change_limits(const study_limits& limits, const std::string& by, std::int64_t now);

  /// Tries a trial again that has failed for good. Returns why it does not, empty if it does.
  std::string retry_failed(trial_number n, std::int64_t now);

  /// A trial that runs is out of time: it is told to return, and has failed then. Does nothing if
  /// it is ending anyway.
  void expire(trial_number n, const cause& why, std::int64_t now);

  /// Starts nothing more and ends what runs. A study that has not been started starts and ends.
  void wind_up(const cause& why, trial_state running_become, std::int64_t now);

  /// Writes the last event.
  void end(std::int64_t now);

  const study_machine& machine() const noexcept { return machine_; }

  /// Why the study could not go on: what an answer has failed with first. Empty if none has.
  const std::string& broken() const noexcept { return broken_; }

private:
  /// Trials are placed one after the other: a slot first, then the choice of who runs in it.
  enum class placing { idle, waiting_for_slot, choosing, withdrawing };

  /// A trial ends, and not by the scheduler: somebody stops it, or it is out of time.
  struct early_end {
    cause why;
    bool out_of_time = false;
  };

  struct slot {
    troupe::lease lease;
    std::optional<std::string> client;
  };

  void acquire(const resources& amount);
  void acquire_for(trial_number n, std::int64_t now);
  void refuse(trial_number n, const std::string& why, std::int64_t now);
  void end_if_failing_fast(trial_number n, std::int64_t now);
  void withdraw();
  void give_up(const std::string& why, std::int64_t now);
  void place(std::optional<trial_number> chosen, std::int64_t now);
  void launch(std::optional<trial_number> chosen, std::int64_t now);
  bool end_stranded(std::int64_t now);
  std::string over_already() const;
  bool end_early(trial_number n, const early_end& e, std::int64_t now);
  void queue(trial_number n);
  void retry(trial_number n);
  void forget(trial_number n, bool waited);
  void observe(trial_number n);
  verdict carry_out(trial_number n, int attempt, const decision& d, std::int64_t now);
  void exit_if_early(trial_number n, std::int64_t now);
  void end_if_over(std::int64_t now);
  void change_others(const decision& d, std::int64_t now);
  void keep(trial_number n);
  void tell(const scheduler_news& news);
  void inform(searcher_news news);
  bool waits(trial_number n) const;
  void adopt(trial_number n);
  config completed_by_chance(const config& given, trial_number n) const;
  trial_number as_searcher_counts(trial_number n) const noexcept;

  // -- while a journal is taken over: study_course_restore.cpp ------------------------------------

  struct past {
    correctable_scheduler* decides = nullptr; ///< Both during restore() only.
    informed_searcher* suggests = nullptr;
    /// The trial of the event being taken over, before it: it waited; it was to be started again
    /// after an interruption.
    bool waited = false, returning = false;
    std::deque<searcher_news> news; ///< What the searcher has not learned yet, in order.
    /// What the scheduler has said to last reports, in order, as far as no event tells.
    std::vector<std::pair<trial_number, decision>> undecided;
    std::map<trial_number, std::string> also_stopped; ///< By another's decision, for what reason.
    decision unfolding; ///< What of the decision of the last event has yet to be told by others.
  };

  void go_live();
  template <class Archive, class Course>
  static void pack_members(Archive& a, Course& c);
  void follow(const event_kind::trial_added& e, trial_number n);
  void follow(const event_kind::trial_started& e, trial_number n);
  void follow(const event_kind::trial_reported& e, trial_number n);
  void follow(const event_kind::trial_decided& e, trial_number n);
  void follow(const event_kind::trial_failed& e, trial_number n);
  void follow(const event_kind::trial_ended& e, trial_number n);
  void follow(const event_kind::study_resumed& e, trial_number n);
  void follow(const event_kind::choice_asked& e, trial_number n);
  void follow(const event_kind::trial_retried& e, trial_number n);
  template <class Other>
  void follow(const Other&, trial_number) {}
  void expect_stops(const decision& d);
  void note_stop(trial_number n, const std::string& reason);
  std::optional<trial_number> choose_again();
  void drop_if_it_runs();
  std::optional<decision> take_undecided(trial_number n);
  void unfold(const event& e);
  void decide_the_undecided(past& left, const resumption& how, std::int64_t now);
  void drop_vain_exploits(decision& d, const resumption& how);
  void leave_the_ended(std::int64_t now);
  void drop_unneeded();

  course_crew* crew_ = nullptr;
  study_machine machine_;
  std::size_t lookahead_;
  study_origin origin_;

  std::unordered_set<trial_number> scheduler_knows_end_; ///< It stopped them; they wind down.
  std::unordered_set<trial_number> judging_;             ///< The scheduler has been asked.
  std::map<trial_number, early_end> ended_later_;        ///< When judged; and why.
  /// They have exited while they were judged: with which attempt and error.
  std::map<trial_number, std::pair<int, std::optional<cause>>> exited_early_;
  bool scheduler_has_none_ = false; ///< It chose nobody, and has had no news since it was asked.

  std::vector<trial_number> adopted_; ///< Those that the searcher did not suggest, in order.
  bool searcher_asked_ = false;
  bool searcher_waits_ = false; ///< It had nothing to suggest, and has learned nothing since.
  bool news_meanwhile_ = false; ///< It has been told something since it was asked.

  placing placing_ = placing::idle;
  resources asked_for_;                               ///< The size of the slot asked for last.
  std::optional<slot> slot_;                          ///< While choosing.
  std::unordered_set<trial_number> queued_meanwhile_; ///< Since the scheduler was asked to choose.
  std::optional<trial_number> placed_later_;  ///< Chosen, but its function has yet to return.
  std::optional<trial_number> resized_;       ///< Chosen, and waits for a slot of its own size.
  std::optional<trial_number> chosen_before_; ///< Chosen, says the journal, and has yet to start.

  std::optional<past> past_; ///< Until the journal has been taken over.
  std::string broken_;
  bool ended_ = false;
};

} // namespace troupe
