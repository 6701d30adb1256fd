#pragma once

#include "search/life/cause.hpp"

#include <troupe/searcher.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace troupe {

/// Which running trials are out of time: a study's `time_limit_s` counts from the start of an
/// attempt, its `progress_limit_s` from its last report, or its start if it has made none.
///
/// Pure: all times are nanoseconds of a clock that is never set back.
class trial_deadlines {
public:
  /// In seconds, above 0; none: as long as they take.
  trial_deadlines(std::optional<double> time_limit_s, std::optional<double> progress_limit_s);

  void started(trial_number n, std::int64_t now);
  void reported(trial_number n, std::int64_t now);
  void left(trial_number n);

  /// Time that counts for nobody has passed: the whole process was suspended.
  void put_off(std::int64_t by_ns);

  /// Returns when the next trial may be out of time; none if none can be.
  std::optional<std::int64_t> next() const;

  struct expired_trial {
    trial_number number;
    cause why; ///< "time_limit_s: it has run for 5 s"
  };

  /// Returns the trials that are out of time, each once.
  std::vector<expired_trial> take_expired(std::int64_t now);

  /// Returns whether trials run, and all of them have been out of time for `grace_ns` or more.
  bool all_stuck(std::int64_t now, std::int64_t grace_ns) const;

  /// Returns the trials that run, ascending.
  std::vector<trial_number> running() const;

private:
  struct running_trial {
    std::int64_t started, heard;
    std::optional<std::int64_t> expired{};
  };

  std::optional<std::int64_t> deadline(const running_trial& t) const;

  std::optional<std::int64_t> time_limit_, progress_limit_;
  cause out_of_time_, no_progress_;
  std::map<trial_number, running_trial> trials_;
};

} // namespace troupe
