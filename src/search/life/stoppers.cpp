#include "search/life/stoppers.hpp"

#include "base/option_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>

namespace troupe {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

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

direction read_mode(option_reader& in, direction fallback) {
  std::string mode;
  in.read("mode", mode);
  if (mode.empty()) return fallback;
  if (mode != "min" && mode != "max") in.refuse("mode", "must be \"min\" or \"max\"");
  return mode == "min" ? direction::min : direction::max;
}

direction mode_of(const study& s, const std::string& metric) {
  for (const auto& o : s.objectives())
    if (o.metric == metric) return o.mode;
  return s.mode;
}

class maximum_iteration final : public stopper {
public:
  explicit maximum_iteration(option_reader in) {
    in.require("max_iter");
    in.read("max_iter", most_, 1);
    in.finish();
  }

  std::string report(const stopper_report& r) override {
    if (r.iteration < 0 || static_cast<std::uint32_t>(r.iteration) < most_) return {};
    return fmt::format("maximum_iteration: {} reports", r.iteration);
  }

private:
  std::uint32_t most_ = 0;
};

class trial_plateau final : public stopper {
public:
  trial_plateau(option_reader in, const study& s) : metric_{s.metric} {
    in.read("metric", metric_);
    in.read("std", std_, 0);
    in.read("num_results", count_, 1);
    in.read("grace_period", grace_, 0);
    in.read_or_null("metric_threshold", threshold_);
    mode_ = read_mode(in, mode_of(s, metric_));
    in.finish();
  }

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(metric_);
    if (!value) return {};
    auto& seen = trials_[r.number];
    seen.last.push_back(*value);
    if (seen.last.size() > count_) seen.last.pop_front();
    if (++seen.reports < grace_ || seen.last.size() < count_ || !is_past_threshold(*value))
      return {};
    const double deviation = standard_deviation(seen.last);
    if (!(deviation < std_)) return {};
    return fmt::format("trial_plateau: the last {} values of {} deviate by {:.3g} < {:.3g}", count_,
                       metric_, deviation, std_);
  }

private:
  struct history {
    std::deque<double> last;
    std::uint32_t reports = 0;
  };

  bool is_past_threshold(double value) const {
    if (!threshold_) return true;
    return mode_ == direction::min ? value <= *threshold_ : value >= *threshold_;
  }

  std::string metric_;
  double std_ = 0.01;
  std::uint32_t count_ = 4, grace_ = 4;
  std::optional<double> threshold_;
  direction mode_ = direction::min;
  std::unordered_map<trial_number, history> trials_;
};

class experiment_plateau final : public stopper {
public:
  experiment_plateau(option_reader in, const study& s) : metric_{s.metric} {
    in.read("metric", metric_);
    in.read("std", std_, 0);
    in.read("top", top_, 1);
    in.read("patience", patience_, 0);
    sign_ = read_mode(in, mode_of(s, metric_)) == direction::min ? 1 : -1;
    in.finish();
  }

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(metric_);
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
                       top_, metric_, std_);
  }

private:
  std::string metric_;
  double std_ = 0.001;
  std::uint32_t top_ = 10, patience_ = 0;
  double sign_ = 1; ///< Times a value: less is better.
  std::multiset<double> best_;
  std::uint32_t flat_reports_ = 0; ///< One after the other, until now.
};

class target final : public stopper {
public:
  target(option_reader in, const study& s) : metric_{s.metric} {
    in.require("value");
    in.read("metric", metric_);
    in.read("value", value_, -unlimited);
    mode_ = read_mode(in, mode_of(s, metric_));
    in.finish();
  }

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(metric_);
    if (value && (mode_ == direction::min ? *value <= value_ : *value >= value_) &&
        reached_.empty())
      reached_ = fmt::format("target: trial {} has {} {:.6g}", trial_id(r.number), metric_, *value);
    return {};
  }

  std::string study_ends() const override { return reached_; }

private:
  std::string metric_;
  double value_ = 0;
  direction mode_ = direction::min;
  std::string reached_;
};

class budget final : public stopper {
public:
  explicit budget(option_reader in) {
    in.read_or_null("iterations", iterations_);
    in.read_or_null("device_s", device_s_);
    if (!iterations_ && !device_s_) in.refuse("iterations", "or device_s must say what there is");
    in.finish();
  }

  std::string report(const stopper_report& r) override {
    ++used_iterations_;
    used_device_s_ += r.iteration_s * (r.used.gpu > 0 ? r.used.gpu : r.used.cpu);
    return {};
  }

  std::string study_ends() const override {
    if (iterations_ && used_iterations_ >= *iterations_)
      return fmt::format("budget: {} iterations are used up", used_iterations_);
    if (device_s_ && used_device_s_ >= *device_s_)
      return fmt::format("budget: {:.6g} device-seconds are used up", used_device_s_);
    return {};
  }

private:
  std::optional<double> iterations_, device_s_;
  double used_iterations_ = 0;
  double used_device_s_ = 0;
};

} // namespace

std::unique_ptr<stopper> make_stopper(const named_options& given, const study& s) {
  const auto in = option_reader{given.name, given.options};
  if (given.name == "maximum_iteration") return std::make_unique<maximum_iteration>(in);
  if (given.name == "trial_plateau") return std::make_unique<trial_plateau>(in, s);
  if (given.name == "experiment_plateau") return std::make_unique<experiment_plateau>(in, s);
  if (given.name == "target") return std::make_unique<target>(in, s);
  if (given.name == "budget") return std::make_unique<budget>(in);
  throw std::invalid_argument{"unknown stopper \"" + given.name +
                              "\"; known are maximum_iteration, trial_plateau, experiment_plateau, "
                              "target, budget"};
}

} // namespace troupe
