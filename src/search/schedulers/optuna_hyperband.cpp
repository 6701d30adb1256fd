#include "search/schedulers/optuna_hyperband.hpp"

#include "base/option_reader.hpp"

#include <boost/crc.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace troupe {

optuna_hyperband::optuna_hyperband(std::string_view name, const boost::json::object& options,
                                   const rule_context& context)
    : name_{name},
      context_{context} {
  option_reader in{name_, options};
  in.read("min_resource", min_resource_, 1);
  in.read_or_auto("max_resource", max_resource_, 1);
  in.read("reduction_factor", reduction_factor_, 2);
  in.read("bootstrap_count", bootstrap_count_, 0);
  in.finish();
  if (bootstrap_count_ > 0 && !max_resource_)
    in.refuse("bootstrap_count", "above 0 needs a max_resource other than \"auto\"");
  if (!max_resource_) return;
  if (*max_resource_ < min_resource_)
    in.refuse("max_resource", fmt::format("must be at least min_resource, {}", min_resource_));
  make_brackets(*max_resource_);
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
