#pragma once

#include <troupe/config.hpp>
#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A study whose trials are trained by whoever asks for them: the loop is the caller's.
///
///     troupe::ask_tell study{s};
///     while (const auto trial = study.ask())
///       study.tell(trial->number, {loss_of(trial->params)});
///     const auto results = study.results();
///
/// The second form of the constructor keeps it in a results folder, where `troupe ask`, `troupe
/// tell` and other processes go on with it when this object is gone; what a member returns is on
/// disk then. Not thread-safe.
///
/// The study's callbacks, which must be among those that `known` has, hear of what is done by way
/// of this object, in the call that does it: what one throws comes out of that call, when it is
/// recorded.
///
/// Members throw std::invalid_argument for what the study does not know or expect, of which nothing
/// is recorded, and folder_error if the folder cannot be used; an object that has thrown
/// folder_error is of no use any more.
class ask_tell {
public:
  /// In memory. Throws invalid_study as check() finds it, and for a scheduler that lets trials go
  /// on from each other's checkpoints: whoever asks keeps those; std::invalid_argument for
  /// callbacks that `known` does not have.
  explicit ask_tell(const study& s, const registry& known = {});

  /// In `folder`: begins the study if the folder is empty, else goes on with it. Throws the same;
  /// folder_error also while another process has it, for some seconds; and std::invalid_argument
  /// if it holds a study that decides otherwise.
  ask_tell(const study& s, const std::filesystem::path& folder, const registry& known = {});

  ask_tell(ask_tell&&) noexcept;
  ask_tell& operator=(ask_tell&&) noexcept;
  ~ask_tell();

  /// A trial to train.
  struct trial {
    trial_number number = 0;
    config params;
    int from_iteration = 0; ///< Reports made before; it goes on from there.
  };

  /// Returns a trial to train; none if nothing is left to be asked for, or not now.
  std::optional<trial> ask();

  /// After ask() has returned none: whether it may return one when more has been told. Else the
  /// study is exhausted.
  bool may_ask_again() const;

  /// Trial `n` has ended by itself with these values, one per objective and constraint.
  void tell(trial_number n, const std::vector<double>& values);

  /// Running trial `n` has reported these values at `step`, above its last; returns what it is to
  /// do, by the study's scheduler and rules. If not to proceed, it does not run any more; one that
  /// is to pause may be asked for again, and goes on.
  verdict report(trial_number n, const std::vector<double>& values, int step);

  /// Trial `n` has failed. Returns whether it will be tried again.
  bool fail(trial_number n, const std::string& why);

  /// Returns what the study has come to so far.
  study_results results() const;

  struct parts; ///< Where it is kept.

private:
  std::unique_ptr<parts> parts_;
};

} // namespace troupe
