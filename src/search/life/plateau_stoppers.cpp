#include "search/life/plateau_stoppers.hpp"

#include "search/life/stopper_metric.hpp"

#include <fmt/format.h>

#include <cmath>
#include <deque>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <unordered_map>

namespace troupe {

namespace {

using enum option_type;

constexpr double unlimited = std::numeric_limits<double>::infinity();

constexpr option trial_table[] = {
    {.key = "std",
     .type = number,
     .help = "below what standard deviation values are all alike",
     .fallback = "0.01",
     .range = from(0, most_number)},
    {.key = "num_results",
     .type = whole,
     .help = "how many of a trial's last values to look at",
     .fallback = "4",
     .range = from(1, most_values)},
    {.key = "grace_period",
     .type = whole,
     .help = "how many reports a trial makes at least",
     .fallback = "4",
     .range = from(0, most_iterations)},
    {.key = "metric_threshold",
     .type = number,
     .help = "past what value a trial may end; if not given: any",
     .example = "0.5"},
    stopper_metric,
    stopper_mode,
};

constexpr option experiment_table[] = {
    {.key = "std",
     .type = number,
     .help = "up to what standard deviation values are all alike",
     .fallback = "0.001",
     .range = from(0, most_number)},
    {.key = "top",
     .type = whole,
     .help = "how many of the best values of all reports to look at",
     .fallback = "10",
     .range = from(1, most_values)},
    {.key = "patience",
     .type = whole,
     .help = "for how many reports they must have been alike",
     .fallback = "0",
     .range = from(0, most_trials)},
    stopper_metric,
    stopper_mode,
};

/// The population's, not the sample's, as numpy's.
template <class Values>
double standard_deviation(const Values& values) {
  double mean = 0;
  for (const double x : values)
    mean += x / static_cast<double>(values.size());
  double square = 0;
  for (const double x : values)
    square += (x - mean) * (x - mean) / static_cast<double>(values.size());
  return std::isnan(square) ? unlimited : std::sqrt(square);
}

class trial_plateau final : public stopper {
public:
  trial_plateau(const option_values& in, const study& s)
      : watched_{watched_by(in, s)},
        std_{in.number("std")},
        count_{in.count("num_results")},
        grace_{in.count("grace_period")},
        threshold_{in.maybe_number("metric_threshold")} {}

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(watched_.metric);
    if (!value) return {};
    auto& seen = trials_[r.number];
    seen.last.push_back(*value);
    if (seen.last.size() > count_) seen.last.pop_front();
    if (++seen.reports < grace_ || seen.last.size() < count_ || !is_past_threshold(*value))
      return {};
    const double deviation = standard_deviation(seen.last);
    if (!(deviation < std_)) return {};
    return fmt::format("trial_plateau: the last {} values of {} deviate by {:.3g} < {:.3g}", count_,
                       watched_.metric, deviation, std_);
  }

private:
  struct history {
    std::deque<double> last;
    std::uint32_t reports = 0;
  };

  bool is_past_threshold(double value) const {
    if (!threshold_) return true;
    return watched_.mode == direction::min ? value <= *threshold_ : value >= *threshold_;
  }

  objective watched_;
  double std_;
  std::uint32_t count_, grace_;
  std::optional<double> threshold_;
  std::unordered_map<trial_number, history> trials_;
};

class experiment_plateau final : public stopper {
public:
  experiment_plateau(const option_values& in, const study& s)
      : watched_{watched_by(in, s)},
        sign_{watched_.mode == direction::min ? 1.0 : -1.0},
        std_{in.number("std")},
        top_{in.count("top")},
        patience_{in.count("patience")} {}

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(watched_.metric);
    if (!value || std::isnan(*value)) return {};
    best_.insert(sign_ * *value);
    if (best_.size() > top_) best_.erase(std::prev(best_.end()));
    const bool flat = best_.size() == top_ && standard_deviation(best_) <= std_;
    flat_reports_ = flat ? flat_reports_ + 1 : 0;
    return {};
  }

  std::string study_ends() const override {
    if (flat_reports_ == 0 || flat_reports_ < patience_) return {};
    return fmt::format("experiment_plateau: the best {} values of {} deviate by at most {:.3g}",
                       top_, watched_.metric, std_);
  }

private:
  objective watched_;
  double sign_; ///< Times a value: less is better.
  double std_;
  std::uint32_t top_, patience_;
  std::multiset<double> best_;
  std::uint32_t flat_reports_ = 0; ///< One after the other, until now.
};

} // namespace

constinit const plugin trial_plateau_plugin{.name = "trial_plateau",
                                            .summary =
                                                "ends a trial whose last values are all alike",
                                            .options = trial_table};

constinit const plugin experiment_plateau_plugin{
    .name = "experiment_plateau",
    .summary = "ends the study when its best values are all alike",
    .options = experiment_table};

std::unique_ptr<stopper> make_trial_plateau(const option_values& in, const study& s) {
  return std::make_unique<trial_plateau>(in, s);
}

std::unique_ptr<stopper> make_experiment_plateau(const option_values& in, const study& s) {
  return std::make_unique<experiment_plateau>(in, s);
}

} // namespace troupe
