#pragma once

#include "base/options.hpp"

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

/// Returns what is to be known of all stoppers: names, options.
plugin_list stopper_plugins();

/// Makes the stopper that one of `s.stoppers` names. Throws std::invalid_argument for an unknown
/// name, and as option_values::of does; read_study has already refused those.
std::unique_ptr<stopper> make_stopper(const named_options& options, const study& s);

} // namespace troupe
