#pragma once

#include <troupe/config.hpp>
#include <troupe/reason_kind.hpp>
#include <troupe/resources.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a trial is to do after a report.
enum class verdict : std::uint8_t { proceed, stop, pause };

/// A trial goes on from the last checkpoint of another, or its own, with another configuration.
/// Nothing comes of it if the donor has not reported a checkpoint since it took over another's.
struct exploit {
  trial_number trial = 0; ///< The one that has reported and is told to pause, or a paused one.
  trial_number donor = 0;
  troupe::config config;
};

/// A trial goes on with another amount of resources.
struct resize {
  trial_number trial = 0; ///< The one that has reported and is told to pause, or a waiting one.
  resources request;
};

/// A scheduler's answer to a report.
struct decision {
  troupe::verdict verdict = troupe::verdict::proceed;
  std::string reason;                    ///< Why, if not proceed: "asha: rung 4: 1.31 > 1.20".
  std::vector<trial_number> also_stop{}; ///< Paused trials that end with it.
  std::vector<exploit> exploits{};
  std::vector<resize> resizes{};
  /// Of which kind the reason is, for those that stop: pruned, or max_t.
  troupe::reason_kind reason_kind = troupe::reason_kind::pruned;
};

/// One report, as schedulers see it.
struct result {
  double time = 0;  ///< The scheduler's time attribute; iterations unless it says otherwise.
  double value = 0; ///< The study's metric; may be NaN or infinite.
  std::vector<double> further{}; ///< Its further objectives.
};

/// Decides which trials run, and which go on.
///
/// A scheduler is a function of (options, the calls made so far): it has no clock, no thread and no
/// global random state. Calls come in the order of the study's journal.
///
/// The life of a trial, as the calls tell it: added; chosen; result…; then completed, or failed
/// (perhaps added again, at the end of the queue), or removed while it waits. After a result that
/// was answered with pause it waits to be chosen again; after stop, the same result is given to
/// completed, as Ray Tune does.
class scheduler {
public:
  virtual ~scheduler() = default;

  /// A trial has this configuration: told before it is added, and if an exploit came to nothing.
  virtual void configured(trial_number, const config&) {}

  /// A trial waits to be chosen; also one that has failed and is tried again.
  virtual void added(trial_number) = 0;

  /// A running trial has reported.
  virtual decision reported(trial_number, const result&) = 0;

  /// A running trial has ended, by itself or because it was told to, with this last result; none if
  /// it never reported.
  virtual void completed(trial_number, const std::optional<result>&) = 0;

  /// A running trial has failed.
  virtual void failed(trial_number) = 0;

  /// A waiting trial will never run again.
  virtual void removed(trial_number) = 0;

  /// A slot is free: returns the trial to run in it, which then counts as running, or none.
  virtual std::optional<trial_number> choose() = 0;

  /// Returns what follows for others from trials that have completed, failed or been removed since
  /// it was last asked: paused trials that end, or go on differently; the verdicts mean nothing.
  /// Ask after choose() at the latest, and do it before the chosen trial starts.
  virtual std::vector<decision> aftermath() { return {}; }

  /// Returns how many pending trials it would like to choose from, beside the paused ones.
  virtual std::size_t lookahead() const noexcept { return 1; }
};

/// Makes the scheduler that `s.scheduler` names. Throws std::invalid_argument for an unknown name
/// or option; read_study has already refused those.
std::unique_ptr<scheduler> make_scheduler(const study& s);

} // namespace troupe
