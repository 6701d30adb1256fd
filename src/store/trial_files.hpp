#pragma once

#include "store/files.hpp"
#include "store/progress_csv.hpp"

#include <troupe/events.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// The files that a person finds in a trial's folder, as Ray Tune names and fills them:
///
///     params.json    the configuration, indented, keys sorted
///     result.json    JSON Lines, one object per report
///     progress.csv   the same as a table, without the configuration
///     log.txt        what the trial logs
///     error.txt      each failure, appended
///
/// They are written as things happen and not synced: after a power cut the journal knows better.
/// Members throw std::runtime_error naming the file that cannot be written.
class trial_files {
public:
  /// Creates `folder` and params.json, and clears away what a crash has left of half-written
  /// checkpoints.
  trial_files(std::filesystem::path folder, trial_number number, const config& c);

  /// The trial will have another configuration when it is started again.
  void next_config(const config& c) { next_config_ = c; }

  /// The trial is started, for the first time or again: counts since_restore from here, and writes
  /// params.json anew if the configuration is another.
  void begin_attempt();

  /// Appends to result.json and progress.csv the report made at `time_ns` (Unix time): its metrics
  /// and the automatic keys (docs/formats.md). Where a metric bears an automatic key's name, the
  /// metric wins for training_iteration and time_this_iter_s, else the automatic key.
  /// `values`: the metrics as JSON.
  void add_report(const event_kind::trial_reported& report, boost::json::object values,
                  std::int64_t time_ns);

  /// Appends to error.txt.
  void add_failure(std::string_view error, std::int64_t time_ns);

  /// Appends a line to log.txt.
  void add_log(std::string_view line);

  /// Closes the files, up to three; the next report or log line opens them again.
  void close();

private:
  /// Adds the automatic keys to the metrics.
  void complete(boost::json::object& row, const event_kind::trial_reported& report,
                std::int64_t time_ns) const;

  std::filesystem::path folder_;
  std::string id_;
  boost::json::object config_;
  std::optional<config> next_config_;
  output_file results_, log_;
  progress_csv progress_;
  int iterations_since_restore_ = 0;
  double time_since_restore_ = 0;
  int failures_ = 0;
};

} // namespace troupe
