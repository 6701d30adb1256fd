#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe {

/// Why a trial is in its state, for programs; a `reason` beside it says it to people.
enum class reason_kind : std::uint8_t {
  none, ///< It needs no reason, or it is not known: journals of older versions do not say.
  // It was ended, and stopped.
  stop_rule, ///< A rule of `stop`.
  stopper,   ///< One of `stoppers`; perhaps it has ended the whole study.
  pruned,    ///< The scheduler: others are better.
  max_t,     ///< The scheduler: it has had all that one trial gets.
  diverged,  ///< A metric that the study is judged by is NaN.
  stranded,  ///< It was paused, and nobody was left to run beside it.
  by_hand,   ///< Somebody asked for it.
  // It failed.
  error,          ///< Its function threw, or whoever trains it says so.
  no_report,      ///< It ended without a report.
  bad_report,     ///< A report has not what the study or its scheduler needs.
  out_of_memory,  ///<
  exit_code,      ///< A program ended with another exit code than 0,
  signal,         ///< or by a signal.
  time_limit,     ///< `time_limit_s`.
  progress_limit, ///< `progress_limit_s`.
  stuck,          ///< Its function did not return when it was told to.
  lost,           ///< Whoever trained it, or guarded its process, is gone, or has given it back.
  no_resources,   ///< Its configuration asks for more than there is.
  // The study winds up, and its trials with it.
  interrupted,  ///< By a signal, or somebody's wish.
  time_budget,  ///< `time_budget_s`.
  fail_fast,    ///< `fail_fast`: another trial failed.
  broken,       ///< Its searcher or its scheduler failed, or what a trial needs is not there.
  not_recorded, ///< Its results could not be written.
};

/// Returns "stop_rule", "time_limit", …; "none".
std::string_view to_string(reason_kind) noexcept;

/// The inverse; none if there is no such kind.
std::optional<reason_kind> reason_kind_from(std::string_view name) noexcept;

} // namespace troupe
