#include "search/schedulers/threshold.hpp"

#include "base/option_reader.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

threshold::threshold(std::string_view name, const boost::json::object& options,
                     const rule_context&) {
  option_reader in{name, options};
  in.read_or_null("lower", lower_);
  in.read_or_null("upper", upper_);
  in.read("n_warmup_steps", warmup_steps_, 0);
  in.read("interval_steps", interval_steps_, 1);
  in.finish();
  if (!lower_ && !upper_) in.refuse("lower", "or upper must be given");
  if (lower_ && upper_ && *lower_ > *upper_) in.refuse("lower", "must not be above upper");
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
