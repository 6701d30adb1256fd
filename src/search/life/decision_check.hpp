#pragma once

#include "search/life/study_course.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// What came of putting a journal through its study's searcher and scheduler once more.
struct verification {
  std::uint64_t decisions = 0;    ///< Suggestions, verdicts, exploits and choices compared.
  std::uint64_t differences = 0;  ///< So many of them are others now.
  std::vector<std::string> first; ///< What differs, the first ten: "event 7: trial 00003: …".
};

/// Puts the events of a journal through a searcher and a scheduler, and compares what they say with
/// what was recorded. Where something differs it goes on as recorded.
class decision_check {
public:
  /// `now` says who decides anew, `begun` is the study as its journal begins.
  decision_check(const study& now, const study& begun, study_machine::keeps_state who);
  ~decision_check();
  decision_check(const decision_check&) = delete;
  decision_check& operator=(const decision_check&) = delete;

  /// Takes the next event, from the first on. Throws std::invalid_argument if it cannot follow the
  /// ones before.
  void take(const event& e);

  const verification& found() const noexcept;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace troupe
