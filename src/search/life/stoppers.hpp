#pragma once

#include <troupe/metrics.hpp>
#include <troupe/resources.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// One report, as stoppers see it.
struct stopper_report {
  trial_number number = 0;
  int iteration = 0;
  const troupe::metrics& metrics;
  double iteration_s = 0; ///< Time this iteration took,
  const resources& used;  ///< and what it took it on.
};

/// A rule that ends trials, or the whole study, whatever the scheduler thinks. A function of its
/// options and the reports so far.
class stopper {
public:
  virtual ~stopper() = default;

  /// A trial has reported. Returns why it ends; empty if it does not.
  virtual std::string report(const stopper_report& r) = 0;

  /// Returns why the study ends; empty if it does not.
  virtual std::string study_ends() const { return {}; }
};

/// Makes the stopper that one of `s.stoppers` names:
///
///   maximum_iteration   ends a trial at `max_iter` reports
///   trial_plateau       ends a trial whose last `num_results` values have a standard deviation
///   below
///                       `std`
///   experiment_plateau  ends the study when the best `top` values of all reports have had one of
///   at
///                       most `std` for more than `patience` reports
///   target              ends the study when a report has a metric as good as `value`
///   budget              ends the study when its reports have taken so many `iterations` or
///                       `device_s`, seconds times GPUs, or CPUs if there are none
///
/// The first three are Ray Tune's. docs/formats.md has all options. Throws std::invalid_argument
/// for an unknown name or option; read_study has already refused those.
std::unique_ptr<stopper> make_stopper(const named_options& options, const study& s);

} // namespace troupe
