#pragma once

#include "base/options.hpp"
#include "search/numbers/running_means.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>

namespace troupe {

/// The scheduler `median` and its options; names and defaults are Ray Tune's.
extern const plugin median_plugin;

/// Its options; their table says what they mean.
struct median_options {
  std::string time_attr;
  double grace_period;
  std::uint32_t min_samples_required;
  double min_time_slice;
  bool hard_stop;
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
median_options read_median_options(const boost::json::object& options);

/// The median stopping rule: Golovin et al., "Google Vizier: A Service for Black-Box Optimization",
/// KDD 2017, section 3.2.1, as Ray Tune has it. A trial stops if its best value so far is worse
/// than the median of the running means of the other trials at the same time.
///
/// - The others are all that have come as far in time, whether they run, have ended or have failed;
///   means that are not finite are left out.
/// - While there are too few others, a trial pauses to let waiting ones in.
/// - A trial's last result counts twice in its mean once it has completed.
/// - A trial that has failed and is tried again keeps its values; iterations that it repeats count
///   again.
/// - A trial whose first value is NaN is stopped as soon as there is a median; later NaNs do not
///   count as its best.
/// - Without hard_stop a worse trial pauses once, and is not judged again.
/// - Trials are chosen in the order in which they were added, paused ones last.
///
/// What a decision costs, see running_means.
class median final : public correctable_scheduler {
public:
  /// Throws as read_median_options does.
  explicit median(const study& s);

  void added(trial_number n) override { queue_.append(n); }
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override { queue_.forget(n); }
  void removed(trial_number n) override { queue_.forget(n); }
  std::optional<trial_number> choose() override { return queue_.take(); }
  void correct(trial_number n, trial_state state) override { queue_.set(n, state); }

private:
  struct record {
    std::optional<double> best;
    double last_pause = -std::numeric_limits<double>::infinity();
    bool let_off = false; ///< Was paused as worse, and is not judged any more.
  };

  record& remember(trial_number n, const result& r);
  decision wait(trial_number n, record& own, double time, std::size_t samples);
  std::string at(double time) const;

  median_options options_;
  std::string metric_;
  double sign_; ///< Times a value: larger is better.
  running_means means_;
  std::unordered_map<trial_number, record> records_;
  trial_queue queue_;
};

} // namespace troupe
