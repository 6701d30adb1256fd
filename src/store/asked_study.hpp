#pragma once

#include "base/clock.hpp"
#include "search/life/direct_course.hpp"
#include "search/life/remembered_calls.hpp"
#include "store/journal.hpp"
#include "store/optuna_view.hpp"
#include "store/saved_replay.hpp"
#include "store/study_folder.hpp"
#include "store/trial_holders.hpp"

#include <troupe/study.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// A trial is not held any more by whoever wants to tell of it. The message says what has become of
/// it.
struct lost_trial : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Which num_samples holds where a folder has its study already: the one that it was begun with, or
/// that of whoever asks.
enum class asked_total : std::uint8_t { as_begun, as_asked };

/// Returns Unix time in nanoseconds.
using wall_clock = std::function<std::int64_t()>;

/// Keys of a study file that may change from one call to the next.
inline constexpr std::array<std::string_view, 4> changeable_keys{"num_samples", "max_concurrent",
                                                                 "resources", "custom"};

/// A study whose trials are trained by whoever asks for them (`troupe ask`, `troupe tell`). All of
/// it is in its results folder: each object takes the folder, rebuilds the study from its journal,
/// and what a member returns is on disk.
///
/// A trial may be handed out under a lease. Its holder, who is known by the lease's token, reports
/// or renews it in time; else the next who asks takes the trial over, as often as a trial may fail.
/// How long it was silent is the time from the event that was heard last to the asker's now: a
/// clock that was set back makes that shorter, so that a trial is taken back later, not earlier.
///
/// Members throw folder_error if the folder cannot be used, lost_trial if a token is not, or not
/// any more, that of the trial's lease, and invalid_argument for what the study does not know or
/// expect: nothing is recorded of that. One that has thrown is of no use any more.
class asked_study {
public:
  /// Hears, once and in a sentence, whom the folder is waited for, if that takes longer than a
  /// second. May be empty.
  using listener = std::function<void(std::string_view)>;

  /// So many events are put through a study in no time.
  static constexpr std::uint64_t few_events = 1000;

  /// Takes `folder` for study `s`, beginning it if the folder is empty. Throws invalid_argument if
  /// the folder has a study that decides otherwise: with another space, metric, searcher, scheduler
  /// or seed. Of another max_concurrent, resources and custom, those of `s` hold; of num_samples
  /// what `total` says; for the rest see kept_keys(). `now`: the time of events, asked for at each
  /// of them. `saves_after`: when at least so many events, and a part of all of them, had to be put
  /// through the study, the next change saves what they have come to (saved_replay.hpp).
  asked_study(const std::filesystem::path& folder, const study& s,
              asked_total total = asked_total::as_begun, const listener& say = {},
              wall_clock now = unix_ns, std::uint64_t saves_after = few_events);

  /// Takes the study that is in `folder`.
  explicit asked_study(const std::filesystem::path& folder, const listener& say = {},
                       wall_clock now = unix_ns, std::uint64_t saves_after = few_events);

  /// Returns the keys of a study file in which `s` differs from the study that was in the folder,
  /// but which stay as they were there.
  const std::vector<std::string>& kept_keys() const noexcept { return kept_keys_; }

  /// By which the holder of a trial under a lease is known; none for other trials.
  using token = std::optional<std::string>;

  /// A trial to train.
  struct trial {
    trial_number number = 0;
    config params;
    int from_iteration = 0; ///< Reports made before; it goes on from there.
    asked_study::token token = {};
  };

  /// Returns a trial to train; none if nothing is left to be asked for, or not now. With a
  /// `client`, the trial that it has open, if it has one. `lease_s`: hands it out under a lease of
  /// so many seconds, above 0 and at most longest_s; a trial that a client has open under one stays
  /// under one, and gets a new token.
  using answer = std::variant<trial, not_now, exhausted>;
  answer ask(const std::optional<std::string>& client, std::optional<double> lease_s = {});

  /// The trial that `ask` has just returned has not reached whoever asked: it may be asked for
  /// again, by anybody. A trial that its client has had open before stays the client's.
  void give_back();

  /// Trial `n` has ended by itself with these values, one per objective and constraint.
  void tell(trial_number n, const std::vector<double>& values, const token& t = {});

  /// A running trial's report.
  struct decided {
    troupe::verdict verdict;
    std::string reason; ///< Why, if not to proceed.
  };

  /// Trial `n` has reported these values at `step`, which must come after its last; returns what it
  /// is to do. Its lease begins anew.
  decided tell_step(trial_number n, const std::vector<double>& values, int step,
                    const token& t = {});

  /// Trial `n` has failed; returns whether it will be tried again.
  bool fail(trial_number n, const std::string& why, const token& t = {});

  /// The lease of trial `n` begins anew, perhaps with another length from now on, above 0 and at
  /// most longest_s seconds. Returns when it runs out.
  std::int64_t renew(trial_number n, const token& t, std::optional<double> lease_s = {});

  /// Trial `n`, which somebody has open, may be asked for again, and this is none of the failures
  /// that it may have. What its holder would still tell is lost only where it had a lease.
  void drop(trial_number n);

  /// Returns who has which trials open.
  const trial_holders& holders() const noexcept { return holders_; }

  /// Returns the number of the last event.
  std::uint64_t last_seq() const noexcept { return course_->machine().last_seq(); }

  /// Gives `take` each event after number `seq`, in order.
  void events_after(std::uint64_t seq, const std::function<void(const event&)>& take);

  /// Returns the last event that need not be put through the study here, because what it had come
  /// to by then was saved; 0 if nothing was.
  std::uint64_t taken_up() const noexcept { return taken_up_; }

  /// Returns what the study has come to so far.
  study_results results() const { return course_->machine().results(); }

  /// Returns the study as it goes on here.
  const study& subject() const noexcept { return study_; }

private:
  study begun_as(const study& s) const;
  remembered_scheduler made_scheduler();
  void make_course();
  void restore(const event& e);
  void record(const event& e);
  void note(const event& e);
  void take_over();
  journal_check take_up_saved();
  void load(packed_reader& in, journal_check& check);
  void prepare_to_save(const journal_check& check);
  std::string saved_as() const;
  void catch_up();
  trial hand_again(trial_number n, std::optional<double> lease_s);
  trial handed(trial_number n) const;
  void lend(trial_number n, double lease_s);
  void take_back_silent();
  void learn_of_others();
  bool nothing_left() const;
  study gone_on_with(const study& s, asked_total total);
  int held(trial_number n, const token& t) const;
  std::string whereabouts(trial_number n) const;
  double seconds_since_last(trial_number n) const;
  void commit();

  wall_clock now_;
  std::unique_ptr<study_folder> folder_;
  std::vector<std::string> kept_keys_;
  study begun_; ///< As its file says; limits may be others with each call.
  study study_;
  std::optional<remembered_scheduler> scheduler_;
  std::optional<remembered_searcher> searcher_;
  journal_writer journal_;
  std::optional<optuna_view> view_; ///< Made once the journal is known to be this study's.
  std::optional<direct_course> course_;
  trial_holders holders_;
  std::uint64_t saves_after_;
  std::uint64_t taken_up_ = 0;
  std::optional<saved_replay> to_save_;      ///< With the next commit.
  bool over_ = false;                        ///< The last event says that the study has ended.
  std::optional<trial_number> taken_;        ///< By the last `ask`.
  std::optional<std::int64_t> others_wrote_; ///< SQLite's count of when others did.
};

} // namespace troupe
