#pragma once

#include <cstdint>
#include <string_view>

namespace troupe {

/// Which of a trial's reports it is compared with others by when they are over, as in Ray Tune's
/// get_best_result. What searcher and scheduler are told does not depend on it.
enum class scope : std::uint8_t {
  last,        ///< The last one.
  avg,         ///< The mean of all.
  last_5_avg,  ///< The mean of the last five.
  last_10_avg, ///< The mean of the last ten.
  all,         ///< The best one.
};

/// Returns "last", "avg", "last-5-avg", "last-10-avg" or "all".
std::string_view to_string(scope) noexcept;

} // namespace troupe
