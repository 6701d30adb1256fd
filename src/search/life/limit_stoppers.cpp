#include "search/life/limit_stoppers.hpp"

#include "search/life/stopper_metric.hpp"

#include <fmt/format.h>

#include <optional>

namespace troupe {

namespace {

using enum option_type;

constexpr option iteration_table[] = {
    {.key = "max_iter",
     .type = whole,
     .help = "how many reports a trial makes at most",
     .required = true,
     .example = "100",
     .range = from(1, most_iterations)},
};

constexpr option target_table[] = {
    {.key = "value",
     .type = number,
     .help = "what metric is good enough to end the study",
     .required = true,
     .example = "0.01"},
    stopper_metric,
    stopper_mode,
};

constexpr option budget_table[] = {
    {.key = "iterations",
     .type = number,
     .help = "how many reports all trials make together; this or device_s is needed",
     .example = "1000",
     .range = above(0, most_time)},
    {.key = "device_s",
     .type = number,
     .help = "for how many seconds times GPUs, or CPUs if there are none, trials run together",
     .example = "3600",
     .range = above(0, most_time)},
};

void check_budget(const option_values& in, std::vector<option_problem>& problems) {
  if (!in.find("iterations") && !in.find("device_s"))
    problems.push_back({"", "must have iterations, device_s, or both: what may be used up"});
}

class maximum_iteration final : public stopper {
public:
  explicit maximum_iteration(const option_values& in) : most_{in.count("max_iter")} {}

  std::string report(const stopper_report& r) override {
    if (r.iteration < 0 || static_cast<std::uint32_t>(r.iteration) < most_) return {};
    return fmt::format("maximum_iteration: {} reports", r.iteration);
  }

private:
  std::uint32_t most_;
};

class target final : public stopper {
public:
  target(const option_values& in, const study& s)
      : watched_{watched_by(in, s)},
        value_{in.number("value")} {}

  std::string report(const stopper_report& r) override {
    const double* value = r.metrics.find(watched_.metric);
    if (value && (watched_.mode == direction::min ? *value <= value_ : *value >= value_) &&
        reached_.empty())
      reached_ = fmt::format("target: trial {} has {} {:.6g}", trial_id(r.number), watched_.metric,
                             *value);
    return {};
  }

  std::string study_ends() const override { return reached_; }

private:
  objective watched_;
  double value_;
  std::string reached_;
};

class budget final : public stopper {
public:
  explicit budget(const option_values& in)
      : iterations_{in.maybe_number("iterations")},
        device_s_{in.maybe_number("device_s")} {}

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

constinit const plugin maximum_iteration_plugin{.name = "maximum_iteration",
                                                .summary = "ends a trial at so many reports",
                                                .options = iteration_table};

constinit const plugin target_plugin{.name = "target",
                                     .summary = "ends the study when a report is good enough",
                                     .options = target_table};

constinit const plugin budget_plugin{
    .name = "budget",
    .summary = "ends the study when its reports have used up what there is",
    .options = budget_table,
    .check = check_budget};

std::unique_ptr<stopper> make_maximum_iteration(const option_values& in, const study&) {
  return std::make_unique<maximum_iteration>(in);
}

std::unique_ptr<stopper> make_target(const option_values& in, const study& s) {
  return std::make_unique<target>(in, s);
}

std::unique_ptr<stopper> make_budget(const option_values& in, const study&) {
  return std::make_unique<budget>(in);
}

} // namespace troupe
