#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/mutations.hpp"
#include "search/schedulers/population.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The scheduler `pbt` and its options; names and defaults are Ray Tune's.
extern const plugin pbt_plugin;

/// Its options, and those of `pb2`; their tables have the ranges and defaults.
struct pbt_options {
  std::string_view rule = "pbt"; ///< What the scheduler is called.
  std::string time_attr;
  double perturbation_interval; ///< Between two looks at a trial.
  double burn_in_period;        ///< No trial is looked at before this time.
  double quantile_fraction;     ///< So many of the worst take over from as many of the best.
  std::vector<mutation> mutations;
  exploration explore;
  bool synch = false; ///< Whether all trials are compared at the same times.
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
pbt_options read_pbt_options(const boost::json::object& options);

/// Population-based training: Jaderberg et al., "Population Based Training of Neural Networks",
/// arXiv:1711.09846, as Ray Tune has it.
///
/// Every perturbation_interval a trial that is among the worst goes on from the checkpoint of a
/// random one of the best, whose configuration it gets with some changes: see explore(). Trials are
/// chosen by how little they have trained, and each pauses at its interval if others wait.
///
/// With `synch` all trials pause until every one has come to the next common time; then all of the
/// worst change at once.
///
/// - NaN counts as no score; a trial without a score is neither among the worst nor the best.
/// - A trial that has failed and is added again has no score, and has trained for no time.
/// - A trial that ends no longer counts; if the others have waited only for it, they go on. In Ray
///   Tune they wait for ever, and so they do if all trials step over the next common time.
/// - Changes are drawn from the stream (study seed, trial, "pbt N") for the trial's Nth change.
///
/// A decision takes O(log n) for n trials, but for what population says of its scores.
class pbt : public correctable_scheduler {
public:
  /// Throws as read_pbt_options does.
  explicit pbt(const study& s);

  void configured(trial_number n, const config& c) override { configs_[n] = c; }
  void added(trial_number n) override { population_.enter(n); }
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>&) override { leave(n); }
  void failed(trial_number n) override { leave(n); }
  void removed(trial_number n) override { leave(n); }
  std::optional<trial_number> choose() override;
  std::vector<decision> aftermath() override;
  void correct(trial_number n, trial_state state) override;

  /// All of them: who has not started yet is part of the population.
  std::size_t lookahead() const noexcept override {
    return std::numeric_limits<std::size_t>::max();
  }

protected:
  pbt(const study& s, pbt_options options);

  /// Member `n` of the population has trained up to `time`, with this score, larger is better.
  virtual void scored(trial_number, double, double) {}

  /// Returns the configuration with which `n` goes on from `donor`.
  virtual config explored(trial_number n, trial_number donor, random_stream& random);

  const config& config_of(trial_number n) const { return configs_.at(n); }

private:
  decision look(trial_number n, double time);
  decision look_together(trial_number n, double time);
  std::vector<exploit> change_worst(double time);
  exploit take_over(trial_number n, std::size_t quantile);
  std::string why(trial_number n, const exploit& e, double time) const;
  void leave(trial_number n);

  pbt_options options_;
  double sign_; ///< Times a value: larger is better.
  std::uint64_t seed_;
  double next_common_; ///< With synch: the time that all trials wait for.
  population population_;
  std::unordered_map<trial_number, config> configs_;
  std::unordered_map<trial_number, std::uint32_t> changes_; ///< How often a trial has changed.
  std::vector<decision> aftermath_;
};

} // namespace troupe
