#include "search/schedulers/optuna_hyperband.hpp"

#include "base/option_values.hpp"

#include <boost/crc.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace troupe {

namespace {

using enum option_type;

constexpr option optuna_hyperband_table[] = {
    {.key = "min_resource",
     .type = whole,
     .help = "the step before which nobody is pruned",
     .fallback = "1",
     .range = from(1, most_iterations)},
    {.key = "max_resource",
     .type = whole,
     .help = "how many steps a trial makes at most; \"auto\": as many as the first completed one",
     .fallback = "\"auto\"",
     .example = "81",
     .instead = "\"auto\"",
     .range = from(1, most_iterations)},
    {.key = "reduction_factor",
     .type = whole,
     .help = "that one in so many goes on at each rung",
     .fallback = "3",
     .range = from(2, most_iterations)},
    {.key = "bootstrap_count",
     .type = whole,
     .help = "how many trials that reach a rung first are pruned there; needs a max_resource",
     .fallback = "0",
     .range = from(0, most_trials)},
};

void check_optuna_hyperband(const option_values& in, std::vector<option_problem>& problems) {
  const auto most = in.maybe_count("max_resource");
  const auto least = in.count("min_resource");
  if (in.count("bootstrap_count") > 0 && !most)
    problems.push_back({"bootstrap_count", R"(above 0 needs a max_resource other than "auto")"});
  if (most && *most < least)
    problems.push_back({"max_resource", fmt::format("must be at least min_resource, {}", least)});
}

} // namespace

constinit const plugin optuna_hyperband_plugin{
    .name = "optuna_hyperband",
    .summary =
        "successive halving in brackets, which the study's name and the trial's number decide",
    .options = optuna_hyperband_table,
    .check = check_optuna_hyperband};

optuna_hyperband::optuna_hyperband(const plugin& about, const boost::json::object& options,
                                   const rule_context& context)
    : name_{about.name},
      context_{context} {
  const auto in = option_values::of(about, options);
  min_resource_ = in.count("min_resource");
  max_resource_ = in.maybe_count("max_resource");
  reduction_factor_ = in.count("reduction_factor");
  bootstrap_count_ = in.count("bootstrap_count");
  if (max_resource_) make_brackets(*max_resource_);
}

pruning optuna_hyperband::judge(trial_number n, const report_history& reports) {
  if (!max_resource_ && brackets_.empty() && longest_) make_brackets(*longest_ + 1);
  const auto bracket = bracket_of(n);
  if (!bracket) return {};
  auto answer = brackets_[*bracket].judge(n, reports);
  answer.bracket = bracket;
  return answer;
}

void optuna_hyperband::completed(trial_number n, const report_history& reports, double) {
  if (!reports.empty()) longest_ = std::max(longest_.value_or(0), reports.last().step);
  forget(n);
}

void optuna_hyperband::forget(trial_number n) {
  if (const auto bracket = bracket_of(n)) brackets_[*bracket].forget(n);
}

std::optional<std::size_t> optuna_hyperband::bracket_of(trial_number n) const {
  if (brackets_.empty()) return std::nullopt;
  const auto key = fmt::format("{}_{}", context_.study_name, n);
  boost::crc_32_type crc;
  crc.process_bytes(key.data(), key.size());
  const auto share =
      std::upper_bound(shares_.begin(), shares_.end(), crc.checksum() % shares_.back());
  return static_cast<std::size_t>(share - shares_.begin());
}

void optuna_hyperband::make_brackets(std::int64_t max_resource) {
  const double ratio = static_cast<double>(max_resource) / min_resource_;
  const auto count = 1 + static_cast<int>(std::floor(
                             std::log(ratio) / std::log(static_cast<double>(reduction_factor_))));
  std::uint64_t sum = 0;
  for (int rungs = count; rungs > 0; --rungs) {
    const double share = std::ceil(count * std::pow(reduction_factor_, rungs - 1) / rungs);
    shares_.push_back(sum += static_cast<std::uint64_t>(share));
    const auto b = static_cast<std::uint32_t>(brackets_.size());
    brackets_.emplace_back(fmt::format("{}: bracket {}", name_, b),
                           halving_options{.min_resource = min_resource_,
                                           .reduction_factor = reduction_factor_,
                                           .min_early_stopping_rate = b,
                                           .bootstrap_count = bootstrap_count_},
                           context_.mode);
  }
}

} // namespace troupe
