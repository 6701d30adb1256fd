#pragma once

#include "store/line_buffer.hpp"
#include "store/progress_csv.hpp"
#include "store/report_row.hpp"
#include "store/written_metrics.hpp"

#include <troupe/events.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace troupe {

/// The files in a trial's folder that say for people, as Ray Tune names and fills them, what the
/// journal says:
///
///     params.json    the configuration, indented, keys sorted
///     result.json    JSON Lines, one object per report
///     progress.csv   the same as a table, without the configuration
///
/// They are derived: written behind and not synced, for they can be made anew from the events.
/// Members throw std::runtime_error naming the file that cannot be written.
class trial_files {
public:
  /// Creates `folder` and params.json.
  trial_files(std::filesystem::path folder, trial_number number, const config& c);

  /// The trial will have another configuration when it is started again.
  void next_config(const config& c) { next_config_ = c; }

  /// The trial is started, for the first time or again: counts since_restore from here, and writes
  /// params.json anew if the configuration is another.
  void begin_attempt();

  /// Appends to result.json and progress.csv the report made at `time_ns` (Unix time), which may
  /// stay in memory until flush(). `m`: its metrics, written.
  void add_report(const event_kind::trial_reported& report, const written_metrics& m,
                  std::int64_t time_ns, const report_origin& origin = report_origin::here());

  /// Writes the reports.
  void flush();

  /// Flushes and closes the files, up to two; what comes next opens them again.
  void close();

private:
  void take_config(const config& c);

  std::filesystem::path folder_;
  std::string id_;
  std::string config_; ///< As JSON.
  std::optional<config> next_config_;
  line_buffer results_;
  progress_csv progress_;
  int iterations_since_restore_ = 0;
  double time_since_restore_ = 0;
};

} // namespace troupe
