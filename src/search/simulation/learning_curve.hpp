#pragma once

#include <troupe/metrics.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

namespace troupe {

/// What the checkpoint of a simulated trial holds. Together with a configuration it is all that a
/// trial is, so a copy can be handed to another trial, which goes on from there.
struct training_state {
  int iteration = 0;   ///< Reports made.
  double progress = 0; ///< What has been learned, by the curve's own measure; 0 at the start.
};

/// A simulated trial reports.
struct training_report {
  troupe::metrics metrics;
  training_state after;
};
/// Its function returns.
struct training_end {};
/// Its function throws.
struct training_failure {
  std::string error;
};

/// What a simulated trial does next, and how long that takes.
struct training_step {
  std::int64_t takes_ns = 0; ///< Not negative.
  std::variant<training_report, training_end, training_failure> outcome;
};

/// How one trial trains with one configuration. Pure: the same state has the same next step.
class training {
public:
  virtual ~training() = default;

  /// Returns what follows on `from`.
  virtual training_step next(const training_state& from) const = 0;
};

/// What stands in for real training in a simulated study.
class learning_curve {
public:
  virtual ~learning_curve() = default;

  /// Trial `n` trains with `c`, from whatever state. The curve must outlive what it returns.
  virtual std::unique_ptr<const training> begin(trial_number n, const config& c) const = 0;
};

} // namespace troupe
