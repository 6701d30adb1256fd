#include "search/schedulers/median.hpp"

#include "base/count_text.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

namespace {

using enum option_type;

constexpr option median_table[] = {
    {.key = "time_attr",
     .type = text,
     .help = "which metric tells the time",
     .fallback = "\"time_total_s\""},
    {.key = "grace_period",
     .type = number,
     .help = "the time before which nobody is judged",
     .fallback = "60",
     .range = from(0, most_time)},
    {.key = "min_samples_required",
     .type = whole,
     .help = "how many other trials it takes to judge one",
     .fallback = "3",
     .range = from(0, most_trials)},
    {.key = "min_time_slice",
     .type = number,
     .help = "for how long a trial that cannot be judged runs before it lets others",
     .fallback = "0",
     .range = from(0, most_time)},
    {.key = "hard_stop",
     .type = truth,
     .help = "whether the worse trials end, or only wait until others are done",
     .fallback = "true"},
};

} // namespace

constinit const plugin median_plugin{
    .name = "median",
    .summary = "stops who is worse than the median of the others' running means at the same time",
    .options = median_table};

median_options read_median_options(const boost::json::object& given) {
  const auto in = option_values::of(median_plugin, given);
  return {.time_attr = in.text("time_attr"),
          .grace_period = in.number("grace_period"),
          .min_samples_required = in.count("min_samples_required"),
          .min_time_slice = in.number("min_time_slice"),
          .hard_stop = in.truth("hard_stop")};
}

median::median(const study& s)
    : options_{read_median_options(s.scheduler.options)},
      metric_{s.metric},
      sign_{s.mode == direction::max ? 1.0 : -1.0},
      means_{options_.grace_period} {}

decision median::reported(trial_number n, const result& r) {
  queue_.set(n, trial_state::running);
  if (records_[n].let_off || std::isnan(r.time)) return {};
  auto& own = remember(n, r);
  if (r.time < options_.grace_period) return {};
  const auto peers = means_.peers_of(n, r.time);
  if (peers.count < options_.min_samples_required) return wait(n, own, r.time, peers.count);
  if (!std::isnan(*own.best) && !(*own.best < peers.median)) return {};
  own.let_off = !options_.hard_stop;
  if (own.let_off) queue_.set(n, trial_state::paused);
  return {options_.hard_stop ? verdict::stop : verdict::pause,
          fmt::format("median: best {} {:.6g} is worse than {:.6g}, the median of {}, {}", metric_,
                      sign_ * *own.best, sign_ * peers.median, count_text(peers.count, "trial"),
                      at(r.time))};
}

void median::completed(trial_number n, const std::optional<result>& last) {
  if (last && !std::isnan(last->time)) remember(n, *last);
  removed(n);
}

median::record& median::remember(trial_number n, const result& r) {
  auto& own = records_[n];
  const double value = sign_ * r.value;
  if (!own.best || value > *own.best) own.best = value;
  means_.record(n, r.time, value);
  return own;
}

decision median::wait(trial_number n, record& own, double time, std::size_t samples) {
  if (queue_.empty() || !(time - own.last_pause > options_.min_time_slice)) return {};
  own.last_pause = time;
  queue_.set(n, trial_state::paused);
  return {verdict::pause, fmt::format("median: lets others in, as only {} of {} can be compared {}",
                                      samples, options_.min_samples_required, at(time))};
}

std::string median::at(double time) const {
  const bool iterations = options_.time_attr == "training_iteration";
  return fmt::format("at {} {:g}", iterations ? "iteration" : options_.time_attr, time);
}

} // namespace troupe
