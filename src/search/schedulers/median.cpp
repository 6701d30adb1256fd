#include "search/schedulers/median.hpp"

#include "base/option_reader.hpp"

#include <fmt/format.h>

#include <cmath>

namespace troupe {

median_options read_median_options(const boost::json::object& given) {
  median_options options;
  option_reader in{"median", given};
  in.read("time_attr", options.time_attr);
  in.read("grace_period", options.grace_period, 0);
  in.read("min_samples_required", options.min_samples_required, 0);
  in.read("min_time_slice", options.min_time_slice, 0);
  in.read("hard_stop", options.hard_stop);
  in.finish();
  return options;
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
          fmt::format("median: best {} {:.6g} is worse than {:.6g}, the median of {} trials, {}",
                      metric_, sign_ * *own.best, sign_ * peers.median, peers.count, at(r.time))};
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
