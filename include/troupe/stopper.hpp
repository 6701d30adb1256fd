#pragma once

#include <troupe/metrics.hpp>
#include <troupe/resources.hpp>
#include <troupe/searcher.hpp>

#include <string>

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

} // namespace troupe
