#include "search/schedulers/optuna_successive_halving.hpp"

#include "base/count_text.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace troupe {

namespace {

using enum option_type;

constexpr option optuna_successive_halving_table[] = {
    {.key = "min_resource",
     .type = whole,
     .help = "the step before which nobody is pruned; \"auto\": a hundredth of the first completed "
             "trial's",
     .fallback = "\"auto\"",
     .example = "1",
     .instead = "\"auto\"",
     .range = from(1, most_steps)},
    {.key = "reduction_factor",
     .type = whole,
     .help = "that one in so many goes on at each rung",
     .fallback = "4",
     .range = from(2, most_steps)},
    {.key = "min_early_stopping_rate",
     .type = whole,
     .help = "how many of the lowest rungs to leave out",
     .fallback = "0",
     .range = from(0, most_steps)},
    {.key = "bootstrap_count",
     .type = whole,
     .help = "how many trials that reach a rung first are pruned there; needs a min_resource",
     .fallback = "0",
     .range = from(0, most_trials)},
};

void check_optuna_successive_halving(const option_values& in,
                                     std::vector<option_problem>& problems) {
  if (in.count("bootstrap_count") > 0 && !in.maybe_count("min_resource"))
    problems.push_back({"bootstrap_count", R"(above 0 needs a min_resource other than "auto")"});
}

halving_options read_halving_options(const plugin& about, const boost::json::object& given) {
  const auto in = option_values::of(about, given);
  return {.min_resource = in.maybe_count("min_resource"),
          .reduction_factor = in.count("reduction_factor"),
          .min_early_stopping_rate = in.count("min_early_stopping_rate"),
          .bootstrap_count = in.count("bootstrap_count")};
}

} // namespace

constinit const plugin optuna_successive_halving_plugin{
    .name = "optuna_successive_halving",
    .summary = "prunes who is not among the best of all that reached the rung",
    .options = optuna_successive_halving_table,
    .check = check_optuna_successive_halving};

optuna_successive_halving::optuna_successive_halving(std::string label,
                                                     const halving_options& options, direction mode)
    : label_{std::move(label)},
      options_{options},
      sign_{mode == direction::min ? 1.0 : -1.0} {}

optuna_successive_halving::optuna_successive_halving(const plugin& about,
                                                     const boost::json::object& options,
                                                     const rule_context& context)
    : optuna_successive_halving{std::string{about.name}, read_halving_options(about, options),
                                context.mode} {}

pruning optuna_successive_halving::judge(trial_number n, const report_history& reports) {
  if (!options_.min_resource && longest_) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    options_.min_resource =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(*longest_ / 100, 1, most));
  }
  if (!options_.min_resource) return {};
  const auto& [step, value, best] = reports.last();
  auto& rung = next_rung_[n];
  while (step >= step_of(rung)) {
    if (std::isnan(value))
      return {.prune = true, .reason = fmt::format("{}: NaN at step {}", label_, step)};
    if (auto why = record(rung++, value)) return {.prune = true, .reason = std::move(*why)};
  }
  return {};
}

void optuna_successive_halving::completed(trial_number n, const report_history& reports, double) {
  if (!reports.empty()) longest_ = std::max(longest_.value_or(0), reports.last().step);
  forget(n);
}

std::int64_t optuna_successive_halving::step_of(std::size_t rung) const noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  std::int64_t step = options_.min_resource.value_or(1);
  const std::int64_t factor = options_.reduction_factor;
  for (auto k = options_.min_early_stopping_rate + rung; k > 0; --k) {
    if (step > most / factor) return most;
    step *= factor;
  }
  return step;
}

std::optional<std::string> optuna_successive_halving::record(std::size_t rung, double value) {
  if (rung == rungs_.size()) rungs_.emplace_back();
  auto& here = rungs_[rung];
  const auto among = here.size() + 1;
  const auto good_enough = std::max<std::size_t>(among / options_.reduction_factor, 1);
  here.insert(sign_ * value, good_enough);
  if (among <= options_.bootstrap_count)
    return fmt::format("{}: among the first {} at step {}", label_, options_.bootstrap_count,
                       step_of(rung));
  if (sign_ * value <= here.below()) return std::nullopt;
  return fmt::format("{}: {:.6g} is worse than {:.6g} (best {} of {}) at step {}", label_, value,
                     sign_ * here.below(), good_enough, count_text(among, "trial"), step_of(rung));
}

} // namespace troupe
