#include "search/searchers/repeater.hpp"

#include "base/option_values.hpp"
#include "search/searchers/outcome_values.hpp"
#include "search/searchers/wrapped_searcher.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe {

namespace {

/// Whether an outcome has a number for each objective.
bool is_whole(const outcome& o, std::size_t objectives) {
  return o.values.size() >= objectives &&
         std::none_of(o.values.begin(), o.values.end(), [](double x) { return std::isnan(x); });
}

std::optional<outcome> mean_of(const std::vector<outcome>& all) {
  if (all.empty()) return std::nullopt;
  const auto count = static_cast<double>(all.size());
  std::size_t constraints = 0;
  for (const auto& o : all)
    constraints = std::max(constraints, o.constraints.size());
  auto mean = outcome{std::vector<double>(all[0].values.size()), std::vector<double>(constraints)};
  for (const auto& o : all) {
    for (std::size_t i = 0; i < mean.values.size(); ++i)
      mean.values[i] += value_at(o.values, i) / count;
    for (std::size_t i = 0; i < mean.constraints.size(); ++i)
      mean.constraints[i] += value_at(o.constraints, i) / count;
  }
  return mean;
}

constexpr option repeater_table[] = {
    wrapped_option,
    {.key = "repeat",
     .type = option_type::whole,
     .help = "how often to try each configuration",
     .required = true,
     .example = "3",
     .range = from(1, 1'000'000)},
    {.key = "set_index",
     .type = option_type::truth,
     .help = "whether a configuration has the number of the repeat, from 0, as __trial_index__",
     .fallback = "true"},
};

config without_index(config c) {
  c.erase(repeater::index_name);
  return c;
}

} // namespace

constinit const plugin repeater_plugin{
    .name = "repeater",
    .summary = "tries each configuration of another searcher several times, and tells it the mean",
    .options = repeater_table};

repeater::repeater(const study& s)
    : objectives_{1 + s.further_objectives.size()},
      inner_{make_wrapped(s)} {
  const auto in = option_values::of(repeater_plugin, s.searcher.options);
  repeat_ = in.count("repeat");
  set_index_ = in.truth("set_index");
}

suggestion repeater::suggest(trial_number n) {
  if (handed_ == 0) {
    auto made = inner_->suggest(groups_);
    auto* c = std::get_if<config>(&made);
    if (!c) return made;
    begin_group(std::move(*c));
  }
  auto c = current_;
  if (set_index_) c[index_name] = std::int64_t{handed_};
  hand_out(n);
  return c;
}

void repeater::begin_group(config c) {
  current_ = std::move(c);
  current_group_ = groups_++;
  open_.emplace(current_group_, group{repeat_, 0, {}});
}

void repeater::hand_out(trial_number n) {
  group_of_.insert_or_assign(n, current_group_);
  handed_ = (handed_ + 1) % repeat_;
}

void repeater::adopt(trial_number n, const config& c) {
  inner_->adopt(groups_, without_index(c));
  open_.emplace(groups_, group{1, 0, {}});
  group_of_.insert_or_assign(n, groups_++);
}

void repeater::recall(trial_number n, const config& c) {
  if (handed_ == 0) {
    inner_->recall(groups_, without_index(c));
    begin_group(without_index(c));
  }
  hand_out(n);
}

void repeater::complete(trial_number n, const std::optional<outcome>& last) {
  const auto node = group_of_.extract(n);
  if (node.empty()) return;
  auto& [size, ended, outcomes] = open_.at(node.mapped());
  if (last && is_whole(*last, objectives_)) outcomes.push_back(*last);
  if (++ended < size) return;
  const auto mean = mean_of(outcomes);
  open_.erase(node.mapped());
  inner_->complete(node.mapped(), mean);
}

} // namespace troupe
