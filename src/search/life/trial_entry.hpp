#pragma once

#include "search/life/cause.hpp"
#include "search/life/checkpoint_keeper.hpp"
#include "search/life/trial_score.hpp"

#include <troupe/resources.hpp>
#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A checkpoint, and where the trial was then.
struct checkpoint_mark {
  int checkpoint;
  int iteration;
  double total_s;
  bool saved;   ///< It is on the disk, as the journal says.
  double value; ///< By which it is kept or not.
};

/// Another trial's checkpoint that a trial has taken over.
struct loan {
  trial_number donor;
  int checkpoint;
  int iteration;
  double total_s;
  int first_own; ///< The number of the taker's own that may take its place.
};

/// The checkpoints of a trial that has brought any.
struct trial_checkpoints {
  checkpoint_keeper keeper;
  std::vector<checkpoint_mark> marks{}; ///< Of those that are kept, by number.
  /// Of those that are not kept any more, but on the disk until what has taken their place is
  /// there, by number: the last that the journal knows to be saved, and the newest after it.
  std::vector<checkpoint_mark> spares{};
};

/// What a trial becomes when its function returns, and why.
struct planned_end {
  trial_state becomes{};
  cause why{};
};

/// What a trial needs, where that is not what its study gives each of them.
struct own_request {
  resources amount;
  bool resized = false; ///< By the scheduler; else it follows from the configuration.
  std::string problem;  ///< Why it follows from nothing; then there is no amount.
};

/// What a study_state knows of one trial. Only events change it, but for `reached` and `reached_s`.
/// What each report changes stands together, and what few trials have elsewhere: of many trials,
/// memory is what they wait for.
struct trial_entry {
  trial_summary summary;
  int attempt = 0;
  bool known = false;    ///< Its reports were made in another study: nobody judges them.
  bool retried = false;  ///< It waits to be tried again after a failure of its own.
  bool reported = false; ///< The attempt has made a report that counts.
  /// Its next attempt makes reports that the journal has once more, up to summary.iterations.
  bool repeats = false;
  std::unique_ptr<planned_end> ending{}; ///< Once it has been told to end, as long as it runs.
  std::optional<double> last_time{};     ///< Of its last report, as schedulers tell the time.
  int checkpoints = 0;                   ///< Taken so far: the number of the next.
  /// Where it goes on after a pause or a failure, and from which of its own checkpoints, if from
  /// one of its own.
  int resume_iteration = 0;
  double resume_s = 0;
  std::optional<int> resume_checkpoint{};
  /// What the attempt has come to: less than the summary says while it repeats. No event tells.
  int reached = 0;
  double reached_s = 0;
  std::unique_ptr<trial_checkpoints> kept{}; ///< From the first on.
  std::unique_ptr<trial_score> score{};      ///< Where the study's scope is not "last".
  /// What it has taken over, until one of its own is on the disk: it goes on from there while it
  /// has none at all.
  std::unique_ptr<loan> borrowed{};
  std::unique_ptr<config> next_config{}; ///< Set by an exploit until the next start,
  std::unique_ptr<config> new_config{};  ///< and from there until the next report.

  std::uint32_t failures = 0;
  std::unique_ptr<own_request> request{};
  std::unique_ptr<troupe::lease> lease{}; ///< As long as it runs.
  std::unique_ptr<cause> stopper{};       ///< What a stopper said to its last report.

  /// Whether it has been told to end, and by more than an interruption or a pause of the whole
  /// study, which decide nothing.
  bool is_decided() const noexcept {
    return ending && !becomes(trial_state::interrupted) && !becomes(trial_state::pending);
  }

  /// Whether it has been told to end, and not just to leave until the study goes on.
  bool is_ending() const noexcept { return ending && !becomes(trial_state::pending); }

  /// Whether it has been told to end so.
  bool becomes(trial_state s) const noexcept { return ending && ending->becomes == s; }

  /// Whether it goes on from what it has taken over.
  bool goes_on_as_another() const noexcept { return borrowed && !resume_checkpoint; }
};

/// Whether a trial cannot go back to one of its own: it has taken over from another since, and is
/// not as far yet.
inline bool is_ahead(const checkpoint_mark& m, const trial_entry& t) noexcept {
  return m.iteration > t.summary.iterations;
}

/// Returns the last of those kept, from number `first` on, that a trial can go back to; or null.
inline const checkpoint_mark* last_mark(const trial_entry& t, int first) noexcept {
  if (!t.kept) return nullptr;
  for (auto m = t.kept->marks.rbegin(); m != t.kept->marks.rend() && m->checkpoint >= first; ++m)
    if (!is_ahead(*m, t)) return &*m;
  return nullptr;
}

} // namespace troupe
