#pragma once

#include "base/options.hpp"
#include "search/schedulers/report_history.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What a rule says to a report.
struct pruning {
  bool prune = false;                   ///< Whether the trial should end.
  std::string reason{};                 ///< Why, if so: "optuna_median: best value 1.3 is …".
  std::optional<double> p{};            ///< Of Wilcoxon's test, if it was made.
  std::optional<std::size_t> bracket{}; ///< Of Hyperband, once there are brackets.
};

/// What a rule has to know of its study.
struct rule_context {
  direction mode = direction::min;
  std::string study_name;
};

/// Says after each report whether the trial should end, as Optuna's pruners do.
///
/// A rule is a function of its options and the calls made so far. It is told of reports and of
/// trials that completed; whether its advice was taken is none of its business: a trial may go on
/// although it should have ended, and is then judged again.
class pruning_rule {
public:
  virtual ~pruning_rule() = default;

  /// Judges a trial that has just reported. `reports`, not empty, are all it has reported so far.
  virtual pruning judge(trial_number n, const report_history& reports) = 0;

  /// A trial that was not pruned has ended by itself, with this final value.
  virtual void completed(trial_number n, const report_history& reports, double value) = 0;

  /// A trial that was pruned, or has failed for good, will not be judged again.
  virtual void forget(trial_number) {}

  /// Returns the final value of a trial that has nothing but its reports, of which there is one:
  /// the last.
  virtual double final_value(const report_history& reports) const { return reports.last().value; }
};

/// Returns what is to be known of all rules. Their options have the names and defaults of the
/// arguments of Optuna's constructors.
plugin_list pruning_rule_plugins();

/// Makes a rule. Throws std::invalid_argument as option_values::of does, and for an unknown name.
std::unique_ptr<pruning_rule> make_pruning_rule(std::string_view name,
                                                const boost::json::object& options,
                                                const rule_context& context);

} // namespace troupe
