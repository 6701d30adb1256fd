#include "search/schedulers/threshold.hpp"

#include "base/json.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

namespace {

using enum option_type;

constexpr option threshold_table[] = {
    {.key = "lower",
     .type = number,
     .help = "below what a value is outside; null: nowhere",
     .fallback = "null",
     .example = "0",
     .instead = "null"},
    {.key = "upper",
     .type = number,
     .help = "above what a value is outside; null: nowhere",
     .fallback = "null",
     .example = "10",
     .instead = "null"},
    {.key = "n_warmup_steps",
     .type = whole,
     .help = "the step before which nothing is pruned",
     .fallback = "0",
     .range = from(0, most_iterations)},
    {.key = "interval_steps",
     .type = whole,
     .help = "every how many steps a trial is judged",
     .fallback = "1",
     .range = from(1, most_iterations)},
};

void check_threshold(const option_values& in, std::vector<option_problem>& problems) {
  const auto lower = in.maybe_number("lower");
  const auto upper = in.maybe_number("upper");
  if (!lower && !upper) problems.push_back({"", "needs lower or upper, a number each"});
  if (lower && upper && *lower > *upper)
    problems.push_back({"lower", "must not be above upper, " + to_text(in.at("upper"))});
}

} // namespace

constinit const plugin threshold_plugin{.name = "threshold",
                                        .summary = "prunes whose value is outside of bounds",
                                        .options = threshold_table,
                                        .check = check_threshold};

threshold::threshold(const plugin& about, const boost::json::object& options, const rule_context&) {
  const auto in = option_values::of(about, options);
  lower_ = in.maybe_number("lower");
  upper_ = in.maybe_number("upper");
  warmup_steps_ = in.count("n_warmup_steps");
  interval_steps_ = in.count("interval_steps");
}

pruning threshold::judge(trial_number, const report_history& reports) {
  const auto& last = reports.last();
  if (last.step < warmup_steps_ || !is_first_in_interval(reports, warmup_steps_, interval_steps_))
    return {};
  const auto prune = [&](std::string why) {
    return pruning{.prune = true,
                   .reason = fmt::format("threshold: {} at step {}", why, last.step)};
  };
  if (std::isnan(last.value)) return prune("NaN");
  if (lower_ && last.value < *lower_)
    return prune(fmt::format("{:.6g} is below {:.6g}", last.value, *lower_));
  if (upper_ && last.value > *upper_)
    return prune(fmt::format("{:.6g} is above {:.6g}", last.value, *upper_));
  return {};
}

} // namespace troupe
