#include "search/schedulers/wilcoxon.hpp"

#include "base/count_text.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace troupe {

namespace {

/// Returns the differences of the values at common steps, `a` minus `b`.
std::vector<double> differences(const report_history& a, const report_history& b) {
  std::vector<double> found;
  const auto others = b.by_step();
  auto other = others.begin();
  for (const auto& r : a.by_step()) {
    other = std::find_if(other, others.end(), [&](const auto& o) { return o.step >= r.step; });
    if (other == others.end()) break;
    if (other->step == r.step) found.push_back(r.value - other->value);
  }
  return found;
}

using enum option_type;

constexpr option wilcoxon_table[] = {
    {.key = "p_threshold",
     .type = number,
     .help = "how improbable it must be that the trial is no worse than the best",
     .fallback = "0.1",
     .range = from(0, 1)},
    {.key = "n_startup_steps",
     .type = whole,
     .help = "how many steps a trial must have in common with the best, at least 2",
     .fallback = "2",
     .range = from(0, most_steps)},
};

} // namespace

constinit const plugin wilcoxon_plugin{
    .name = "wilcoxon",
    .summary = "prunes who a signed-rank test finds worse than the best trial, step by step",
    .options = wilcoxon_table};

wilcoxon::wilcoxon(const plugin& about, const boost::json::object& options,
                   const rule_context& context)
    : mode_{context.mode} {
  const auto in = option_values::of(about, options);
  p_threshold_ = in.number("p_threshold");
  startup_steps_ = in.count("n_startup_steps");
}

pruning wilcoxon::judge(trial_number, const report_history& reports) {
  if (!best_ || best_->reports.empty() || !best_->reports.all_finite() || !reports.all_finite())
    return {};
  const auto d = differences(reports, best_->reports);
  if (d.size() < std::max<std::size_t>(2, startup_steps_)) return {};
  const bool smaller_is_better = mode_ == direction::min;
  const double p = signed_rank_p(d, smaller_is_better ? tail::greater : tail::less);
  const double mean = reports.mean();
  const double best_mean = best_->reports.mean();
  const bool worse = smaller_is_better ? mean > best_mean : mean < best_mean;
  if (!(p < p_threshold_ && worse)) return {.p = p};
  return {.prune = true,
          .reason = fmt::format("wilcoxon: worse than trial {} with p = {:.3g} after {}",
                                trial_id(best_->number), p, count_text(d.size(), "step")),
          .p = p};
}

void wilcoxon::completed(trial_number n, const report_history& reports, double value) {
  const bool better =
      !best_ || (mode_ == direction::min ? value < best_->value : value > best_->value);
  if (better) best_ = champion{n, value, reports};
}

} // namespace troupe
