#pragma once

#include "search/life/scoped_value.hpp"

#include <troupe/metrics.hpp>
#include <troupe/study.hpp>

namespace troupe {

/// What the reports of one trial come to by its study's scope, however often it is tried again.
class trial_score {
public:
  explicit trial_score(const study& s) noexcept
      : scope_{s.scope},
        now_{s.scope, s.mode},
        kept_{now_} {}

  /// Takes the trial's next report; `stays` says that it would go on from there if it failed.
  /// Returns whether that is the report which the trial is now compared by, as scoped_value::add.
  /// With the scope "all" what does not meet the study's constraints does not count.
  bool report(const study& s, const metrics& m, bool stays);

  /// The trial is tried again: what it has reported since it last stayed comes once more. The best
  /// of all stays the best, though.
  void retry();

  double value() const noexcept { return now_.value(); }

private:
  troupe::scope scope_;
  scoped_value now_, kept_;
};

} // namespace troupe
