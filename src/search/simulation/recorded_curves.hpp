#pragma once

#include "search/simulation/learning_curve.hpp"

#include <troupe/events.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The curves of a former study: trial n trains as the n-th trial that ran in that study, report by
/// report, with its metrics and its times, whatever its configuration is. Where a trial failed and
/// was tried again, what counts is what it did in the end. After its last recorded report a trial
/// fails if it failed then, and else ends, also if it did so only because it was stopped: how it
/// would have gone on, nobody knows.
class recorded_curves final : public learning_curve {
public:
  /// `next` gives the events of the former study's journal, one after the other, and then none.
  explicit recorded_curves(const std::function<std::optional<event>()>& next);

  /// Returns how many trials there are.
  std::size_t size() const noexcept { return trials_.size(); }

  /// Returns the configuration that trial `n` < size() had.
  const config& config_of(trial_number n) const { return trials_.at(n).tried; }

  /// Returns the metrics of the first report of all; null if there is none.
  const metrics* first_report() const noexcept;

  /// Throws std::out_of_range unless n < size().
  std::unique_ptr<const training> begin(trial_number n, const config& c) const override;

private:
  friend class recorded_training;

  struct report {
    std::int64_t takes_ns = 0;
    troupe::metrics metrics;
  };
  struct recorded_trial {
    config tried;
    bool ran = false;
    std::vector<report> reports;      ///< By iteration.
    std::optional<std::string> error; ///< If it failed.
  };

  void take(const event& e);

  std::vector<recorded_trial> trials_;
  std::size_t reports_ = 0; ///< Of all trials, retried ones included.
};

/// Suggests the configurations of a former study's trials, in their order, and then nothing more.
class recorded_configurations final : public searcher {
public:
  /// `curves` must outlive this.
  explicit recorded_configurations(const recorded_curves& curves) : curves_{curves} {}

  suggestion suggest(trial_number n) override {
    if (n >= curves_.size()) return exhausted{};
    return curves_.config_of(n);
  }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  const recorded_curves& curves_;
};

} // namespace troupe
