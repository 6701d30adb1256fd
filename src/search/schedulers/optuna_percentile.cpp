#include "search/schedulers/optuna_percentile.hpp"

#include "base/count_text.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

namespace {

using enum option_type;

constexpr option startup_trials{.key = "n_startup_trials",
                                .type = whole,
                                .help = "how many trials must have completed before any is pruned",
                                .fallback = "5",
                                .range = from(0, most_trials)};
constexpr option warmup_steps{.key = "n_warmup_steps",
                              .type = whole,
                              .help = "the step before which nothing is pruned",
                              .fallback = "0",
                              .range = from(0, most_steps)};
constexpr option interval_steps{.key = "interval_steps",
                                .type = whole,
                                .help = "every how many steps a trial is judged",
                                .fallback = "1",
                                .range = from(1, most_steps)};
constexpr option min_trials{
    .key = "n_min_trials",
    .type = whole,
    .help = "how many trials must have reported at a step before any is pruned there",
    .fallback = "1",
    .range = from(1, most_trials)};

constexpr option optuna_median_table[] = {startup_trials, warmup_steps, interval_steps, min_trials};
constexpr option percentile_table[] = {
    {.key = "percentile",
     .type = number,
     .help = "how many percent of the trials are good enough",
     .required = true,
     .example = "25",
     .range = from(0, 100)},
    startup_trials,
    warmup_steps,
    interval_steps,
    min_trials,
};

} // namespace

constinit const plugin optuna_median_plugin{
    .name = "optuna_median",
    .summary = "prunes who is worse than the median of completed trials at the same step",
    .options = optuna_median_table};

constinit const plugin optuna_percentile_plugin{
    .name = "optuna_percentile",
    .summary = "prunes who is worse than a percentile of completed trials at the same step",
    .options = percentile_table};

optuna_percentile::optuna_percentile(const plugin& about, const boost::json::object& options,
                                     const rule_context& context)
    : name_{about.name},
      mode_{context.mode} {
  const auto in = option_values::of(about, options);
  if (const auto given = in.maybe_number("percentile")) percentile_ = *given;
  startup_trials_ = in.count("n_startup_trials");
  warmup_steps_ = in.count("n_warmup_steps");
  interval_steps_ = in.count("interval_steps");
  min_trials_ = in.count("n_min_trials");
}

pruning optuna_percentile::judge(trial_number, const report_history& reports) {
  if (completed_ == 0 || completed_ < startup_trials_) return {};
  const auto& last = reports.last();
  if (last.step < warmup_steps_ || !is_first_in_interval(reports, warmup_steps_, interval_steps_))
    return {};
  if (std::isnan(last.best))
    return {.prune = true, .reason = fmt::format("{}: nothing but NaN reported", name_)};

  const auto found = steps_.find(last.step);
  if (found == steps_.end() || found->second.reports < min_trials_) return {};
  const double bar = found->second.values.value();
  const bool worse = mode_ == direction::max ? last.best < bar : last.best > bar;
  if (!worse) return {};
  return {.prune = true,
          .reason = fmt::format(
              "{}: best value {:.6g} is worse than {:.6g} (best {:g} % of {}) at step {}", name_,
              last.best, bar, percentile_, count_text(found->second.values.size(), "trial"),
              last.step)};
}

void optuna_percentile::completed(trial_number, const report_history& reports, double) {
  ++completed_;
  const double quantile = (mode_ == direction::max ? 100 - percentile_ : percentile_) / 100;
  for (const auto& r : reports.by_step()) {
    auto& here = steps_.try_emplace(r.step, peers{running_quantile{quantile}}).first->second;
    here.values.record(r.value);
    ++here.reports;
  }
}

} // namespace troupe
