#pragma once

#include "search/schedulers/pruning_rule.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// A rule, the trials that it judges, and the shortest ways to talk to it. Unless told otherwise
/// smaller values are better.
class rule_driver {
public:
  explicit rule_driver(std::string_view name, std::string_view options = "{}",
                       direction mode = direction::min, std::string study = "study")
      : mode_{mode},
        rule_{make_pruning_rule(name,
                                boost::json::parse({options.data(), options.size()}).get_object(),
                                {mode, std::move(study)})} {}

  pruning report(trial_number n, std::int64_t step, double value) {
    auto& reports = trials_.try_emplace(n, mode_).first->second;
    reports.add(step, value);
    return rule_->judge(n, reports);
  }

  /// Returns whether the trial should end after its report.
  bool prunes(trial_number n, std::int64_t step, double value) {
    return report(n, step, value).prune;
  }

  /// Completes a trial, with the reports it has already made and these, from step 1 on, which
  /// nobody judges.
  void complete(trial_number n, const std::vector<double>& values, double value = 0) {
    auto& reports = trials_.try_emplace(n, mode_).first->second;
    std::int64_t step = 0;
    for (const double v : values)
      reports.add(++step, v);
    rule_->completed(n, reports, value);
    trials_.erase(n);
  }

  void forget(trial_number n) {
    rule_->forget(n);
    trials_.erase(n);
  }

private:
  direction mode_;
  std::unique_ptr<pruning_rule> rule_;
  std::unordered_map<trial_number, report_history> trials_;
};

/// Returns what is said of options that are refused, or "none".
inline std::string rule_refusal(std::string_view name, std::string_view options) {
  try {
    const rule_driver made{name, options};
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

} // namespace troupe
