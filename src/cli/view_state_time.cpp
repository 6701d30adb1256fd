#include "base/count_text.hpp"
#include "cli/view_state.hpp"

#include <algorithm>

/// Another part of view_state: how long the study will still take.
namespace troupe {

std::optional<time_estimate> view_state::time_left(time now) const {
  if (ran_to_end_ == 0) return std::nullopt;
  const auto mean = total_run_ / static_cast<std::int64_t>(ran_to_end_);
  time longest_left{}, work{};
  for (const trial_number n : running_) {
    const time ran_for = ran(trials_.at(n), now);
    const time left = std::max((ran_for < mean ? mean : longest_run_) - ran_for, time{});
    longest_left = std::max(longest_left, left);
    work += left;
  }
  const std::uint64_t begun_or_done = done_ + running_.size();
  const std::uint64_t to_come =
      stopping_.empty() && total_ > begun_or_done ? total_ - begun_or_done : 0;
  work += mean * static_cast<std::int64_t>(to_come);
  if (work == time{}) return std::nullopt;

  time_estimate e;
  e.left = std::max(work / static_cast<std::int64_t>(std::max<std::size_t>(most_at_once_, 1)),
                    longest_left);
  e.basis = "mean of " + count_text(ran_to_end_, "trial");
  if (budget_ && *budget_ - elapsed(now) < e.left) {
    e.left = std::max(*budget_ - elapsed(now), time{});
    e.basis = "time budget";
  }
  return e;
}

} // namespace troupe
