#pragma once

#include <troupe/events.hpp>
#include <troupe/plugins.hpp>
#include <troupe/results.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// A study in one call:
///
///     troupe::study s;
///     s.metric = "loss";
///     s.num_samples = 20;
///     s.space.add("lr", troupe::loguniform{1e-4, 1e-1});
///     const auto results = troupe::run(s, train);
///
/// where `train` is a function of a troupe::trial. examples/library is a whole program.
namespace troupe {

/// How a study is run, beside what it says itself.
struct run_options {
  /// The results folder, which other tools and `troupe resume` can go on with; empty: nothing is
  /// written down. One that is not empty is refused unless `resume` is set.
  std::filesystem::path folder{};
  /// Goes on with the study that is in `folder`, if there is one, however it has ended. The study
  /// says within which limits (study_limits); all else must be as it was.
  bool resume = false;
  bool retry_failed = false; ///< When it goes on: trials that have failed for good are tried again.

  std::filesystem::path data_dir = "data"; ///< Where data sets are, or are put.
  /// "cpu", "cuda" (each trial gets a whole GPU unless the study says how much), "cuda:N", or
  /// empty: as the study's resources say.
  std::string device{};

  /// When its stop is requested, all trials stop at their next batch, and the study ends: it can be
  /// gone on with.
  std::stop_token stop{};

  /// Sees each event of the study when it is in the journal, in order, on a thread of its own. What
  /// it throws interrupts the study, and is thrown by run().
  std::function<void(const event&)> watch{};
  /// What hears of the study in larger steps, beside the callbacks that it names. As with `watch`.
  study_callbacks callbacks{};
  /// Told, a sentence at a time, what a person may want to know: data being fetched, a checkpoint
  /// that is missing.
  std::function<void(std::string_view)> say{};

  /// Makes another searcher than the one that the study names: see define_by_run.
  std::function<std::unique_ptr<searcher>(const study&)> make_searcher{};
};

/// Runs a study to its end, with the trials training `t`, and returns what it came to.
///
/// The study may use the whole machine, unless it says less (cpus, gpus, max_concurrent). Its
/// trials train on threads of this process, or in processes of their own
/// (troupe/isolation.hpp) if it says so. Several studies may run at once, each in a call on a
/// thread of its own.
///
/// Throws, before the first trial: invalid_study with all that is wrong with the study (see
/// check()), folder_error if the results folder cannot be used, resource_error if a trial needs
/// more than there is, data_error if `t` cannot load its data, std::invalid_argument if another
/// study is to go on than the one in the folder. Afterwards nothing: see
/// study_results::interrupted, broken, not_recorded and stuck.
study_results run(const study& s, trainable t, const run_options& how = {});

/// The same for a training function, of which nothing else is known; and for the trainable and the
/// callbacks that the study names, which are among `known`.
/// @{
study_results run(const study& s, std::function<void(trial&)> train, const run_options& how = {});
study_results run(const study& s, const registry& known, const run_options& how = {});
/// @}

/// Returns all that is wrong with a study, as read_study does for a file; empty if it can run. With
/// `known`, the study must name one of these trainables, and its options, parameters and metrics
/// are checked against what the trainable says it wants.
std::vector<fault> check(const study& s, const registry* known = nullptr);

} // namespace troupe
