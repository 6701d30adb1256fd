#include "search/schedulers/optuna_percentile.hpp"

#include "base/option_reader.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

optuna_percentile::optuna_percentile(std::string_view name, const boost::json::object& options,
                                     const rule_context& context)
    : name_{name},
      mode_{context.mode} {
  option_reader in{name_, options};
  if (name == "optuna_percentile") {
    in.require("percentile");
    in.read("percentile", percentile_, 0, 100);
  }
  in.read("n_startup_trials", startup_trials_, 0);
  in.read("n_warmup_steps", warmup_steps_, 0);
  in.read("interval_steps", interval_steps_, 1);
  in.read("n_min_trials", min_trials_, 1);
  in.finish();
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
              "{}: best value {:.6g} is worse than {:.6g} (best {:g} % of {} trials) at step {}",
              name_, last.best, bar, percentile_, found->second.values.size(), last.step)};
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
