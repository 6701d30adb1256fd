#pragma once

#include <troupe/metrics.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

/// A trial's number in its study, from 0. Its id is the number in five or more digits.
using trial_number = std::uint32_t;

/// Returns the id of trial `n`: 3 -> "00003".
std::string trial_id(trial_number n);

/// The searcher has nothing to suggest until it has seen more results.
struct not_now {};
/// The searcher will never suggest anything again.
struct exhausted {};

using suggestion = std::variant<config, not_now, exhausted>;

/// What a trial has come to: at a report, or at its end.
struct outcome {
  std::vector<double> values;      ///< One per objective of the study; may be NaN or infinite.
  std::vector<double> constraints; ///< One per constraint of the study; <= 0 is feasible.

  outcome() = default;
  /// Of a study with one objective and no constraints.
  outcome(double value) : values{value} {} // NOLINT(google-explicit-constructor): it is that value
  outcome(std::vector<double> v, std::vector<double> c)
      : values{std::move(v)},
        constraints{std::move(c)} {}
};

/// Decides which configuration to try next.
///
/// A searcher is a function of (study, the calls made so far): it has no clock, no thread and no
/// global random state, so calling it again in the same order gives the same suggestions.
class searcher {
public:
  virtual ~searcher() = default;

  /// Suggests the configuration of trial `n`. Called with n = 0, 1, 2, …; again with the same n
  /// after not_now.
  virtual suggestion suggest(trial_number n) = 0;

  /// Trial `n` runs with a configuration that this searcher did not suggest: from a former study,
  /// say. What it is about to learn of it counts like a suggestion of its own; searchers that do
  /// not learn ignore it.
  virtual void adopt(trial_number, const config&) {}

  /// This searcher has suggested `c` for trial `n` before, after the same calls: takes note of it
  /// as suggest(n) did. Suggests it again unless overridden, and adopts `c` if that differs.
  virtual void recall(trial_number n, const config& c);

  /// Trial `n` has reported `o` at iteration `iteration`.
  virtual void observe(trial_number n, int iteration, const outcome& o) = 0;

  /// Trial `n` has ended; `last` is what it reported last, absent if it failed or reported nothing.
  virtual void complete(trial_number n, const std::optional<outcome>& last) = 0;

  /// Trial `n` has been ended early by the scheduler; `last` is what it reported last, absent if it
  /// reported nothing. Counts as complete unless overridden.
  virtual void stopped(trial_number n, const std::optional<outcome>& last) { complete(n, last); }
};

/// Makes the searcher that `s.searcher` names. Throws std::invalid_argument for an unknown name or
/// option; read_study has already refused those.
std::unique_ptr<searcher> make_searcher(const study& s);

} // namespace troupe
