#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace troupe {

/// One report of a trial, as its journal has it.
struct trial_report_line {
  int iteration = 0;
  double total_s = 0; ///< Time that all iterations until then took, in seconds.
  troupe::metrics metrics;
  std::optional<int> checkpoint; ///< The number of the one that it came with.
};

/// A study as its results folder has it.
///
///     const auto past = troupe::open_results("results/cifar10");
///     const auto& best = past.results().trials.at(past.results().best.value());
///     for (const auto& r : past.reports(best.number)) …
///
/// Nothing here changes the folder, and a study that runs is not disturbed: what is shown is what
/// its journal had when it was opened.
class opened_results {
public:
  /// Returns the study, within the limits that it has now.
  const troupe::study& study() const noexcept { return study_; }

  /// Returns what it has come to. Of one that has not ended, trials may be pending, running, or
  /// paused.
  const study_results& results() const noexcept { return results_; }

  /// Returns whether it has ended. It may go on with other limits, or if it was interrupted.
  bool ended() const noexcept { return ended_; }

  /// Returns whether somebody has paused it, and it has not gone on since.
  bool paused() const noexcept { return paused_; }

  /// Returns the reports of trial `n` in the order in which they were made; those that an attempt
  /// made anew stand once, as made last. Throws std::out_of_range if there is no such trial.
  std::vector<trial_report_line> reports(trial_number n) const;

  /// Returns the events that are about trial `n`, in order. Throws the same.
  std::vector<event> events(trial_number n) const;

  /// Calls `see` with every event of the journal, in order.
  void for_each_event(const std::function<void(const event&)>& see) const;

  /// Returns the folder of checkpoint `number` of trial `n`, which may have been removed since
  /// (see study::keep_best).
  std::filesystem::path checkpoint_folder(trial_number n, int number) const;

  /// Returns the checkpoint that belongs to the last report of trial `n`, or to its best; none if
  /// that had none or it is not there any more. Throws std::out_of_range if there is no such trial.
  /// @{
  checkpoint last_checkpoint(trial_number n) const;
  checkpoint best_checkpoint(trial_number n) const;
  /// @}

private:
  friend opened_results open_results(const std::filesystem::path& folder);
  opened_results() = default;
  checkpoint load(trial_number n, std::optional<int> number) const;

  std::filesystem::path folder_, journal_;
  troupe::study study_;
  study_results results_;
  bool ended_ = false, paused_ = false;
};

/// Opens the results of a study: of `troupe run`, of troupe::run, of `troupe ask`. Throws
/// folder_error if there is no study in the folder, or if its study.json is not the one that it
/// began with; and std::runtime_error, naming the event, if its journal is damaged.
opened_results open_results(const std::filesystem::path& folder);

} // namespace troupe
