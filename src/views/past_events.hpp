#pragma once

#include "views/busy_slots.hpp"

#include <troupe/events.hpp>

#include <boost/json/array.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// Returns nanoseconds in seconds, to the millisecond.
double to_milliseconds(std::int64_t ns);

/// What only a study's events tell, as the page of a report draws it (report_data.hpp): times count
/// from the first event.
class past_events {
public:
  /// Of so many trials, by this metric.
  past_events(std::string metric, std::size_t trials);

  void take(const event& e);

  /// Returns when the last event of each trial was.
  boost::json::array ended() const;

  /// Returns what ran when: [trial, slot, begin, end]; of very many, some.
  boost::json::array spans() const;

  /// Returns the curves of the trials `first`, and of others at even distances: {"trial", "x",
  /// "y"}. `left_out` becomes how many there are beside them.
  boost::json::array curves(const std::vector<trial_number>& first, std::size_t& left_out) const;

private:
  std::string metric_;
  std::int64_t first_ns_ = 0;
  busy_slots slots_;
  std::vector<std::vector<std::pair<int, double>>> curves_;
  std::vector<double> ended_s_;
};

} // namespace troupe
