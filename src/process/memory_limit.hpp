#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace troupe {

/// How much memory a trial's processes may use together: what it reserves by `resources/memory_gb`.
/// It is looked at twice a second.
class memory_limit {
public:
  using clock = std::chrono::steady_clock;

  /// `gb`: in 10⁹ bytes; 0: however much they like.
  explicit memory_limit(double gb);

  /// When to look next; none if there is no limit.
  std::optional<clock::time_point> next() const noexcept { return next_; }

  /// Looks at the processes of `session`, if it is time. Throws trial_error, saying how much they
  /// use, if that is too much.
  void check(pid_t session);

private:
  double gb_;
  std::optional<clock::time_point> next_;
};

} // namespace troupe
