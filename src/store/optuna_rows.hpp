#pragma once

#include "store/sqlite.hpp"

#include <troupe/searcher.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe {

/// Writes the rows of one study's trials in Optuna's tables. Every change can be made again and
/// comes to the same. In the caller's transaction; members throw sqlite::error.
class optuna_rows {
public:
  /// The tables, and the study `study_id`, must be there.
  optuna_rows(sqlite::database& db, std::int64_t study_id);

  /// Returns the trial_id of the study's trial `n`; none if it is not there.
  std::optional<std::int64_t> find(trial_number n);

  /// Adds trial `n` in state WAITING and returns its trial_id. Other programs may have added trials
  /// of theirs: its number in Optuna's study is the next one there.
  std::int64_t add(trial_number n);

  /// The trial `id`, which another program has added, is the study's trial `n` from now on, without
  /// times. Returns whether it is there, in this study, and is none of the study's yet.
  bool adopt(trial_number n, std::int64_t id);

  /// The trial `id`, which is there, is as add() made it: WAITING, without times, reports, values.
  void begin_again(std::int64_t id);

  /// The trial `id` is RUNNING, since `time_ns` if it is for the first time.
  void run(std::int64_t id, std::int64_t time_ns);

  /// The trial `id` has ended in `state`: COMPLETE, PRUNED or FAIL.
  void end(std::int64_t id, std::string_view state, std::int64_t time_ns);

  /// Its parameter `name` has the number `value` in `distribution`; or it has none.
  /// @{
  void set_parameter(std::int64_t id, std::string_view name, double value,
                     std::string_view distribution);
  void remove_parameter(std::int64_t id, std::string_view name);
  /// @}

  /// What it reported at a step: replaces what it reported there before.
  void set_report(std::int64_t id, int step, double value);
  void remove_reports(std::int64_t id);

  /// What it came to, by objective from 0. Not NaN.
  void set_value(std::int64_t id, int objective, double value);
  void remove_values(std::int64_t id);

  /// What else is to be known of it: `json` is any JSON text.
  /// @{
  void set_attribute(std::int64_t id, std::string_view key, std::string_view json);
  void remove_attribute(std::int64_t id, std::string_view key);
  /// @}

  /// Its constraints, a JSON list of numbers: those that are <= 0 are kept.
  void set_constraints(std::int64_t id, std::string_view json);

private:
  sqlite::statement find_, add_, adopt_, name_, begin_again_, run_, end_, set_parameter_,
      remove_parameter_, set_report_, remove_reports_, set_value_, remove_values_, set_attribute_,
      remove_attribute_, set_constraints_;
};

} // namespace troupe
