#pragma once

#include "store/progress_csv.hpp"
#include "store/written_metrics.hpp"

#include <troupe/events.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Which process a report was written down by, where that is known: the journal does not say.
struct report_origin {
  std::optional<std::int64_t> pid;
  std::optional<std::string> hostname;

  /// Returns this process.
  static report_origin here();
};

/// What trial_files knows of a report beside the event.
struct report_place {
  std::string_view trial_id;
  int iterations_since_restore = 0;
  double time_since_restore = 0;
};

/// One report as a line of result.json and as a row of progress.csv: its metrics and the automatic
/// keys (docs/formats.md). Where a metric bears an automatic key's name, the metric wins for
/// training_iteration and time_this_iter_s, else the automatic key, in the metric's place.
class report_row {
public:
  report_row(const report_row&) = delete;
  report_row& operator=(const report_row&) = delete;

  /// The report and its written metrics must outlive the row.
  report_row(const event_kind::trial_reported& report, const written_metrics& m,
             std::int64_t time_ns, const report_place& place, const report_origin& origin);

  /// Appends the line of result.json, with the configuration as JSON.
  void append_line(std::string& out, std::string_view config) const;

  /// Returns the row of progress.csv; good as long as the row.
  std::vector<table_cell> cells() const;

private:
  /// From where to where in text_.
  struct range {
    std::size_t begin = 0, end = 0;
  };

  /// An automatic key and its value, as JSON and as a table has it.
  struct automatic {
    std::string_view key; ///< As JSON, and so with quotes.
    range value, bare;

    std::string_view name() const noexcept { return key.substr(1, key.size() - 2); }
  };

  struct column {
    std::string_view name, key, value, bare;
  };

  range append(std::string_view text);
  std::string_view at(range r) const noexcept {
    return std::string_view{text_}.substr(r.begin, r.end - r.begin);
  }
  void add(std::string_view key, std::string_view value, std::string_view bare);
  void add_integer(std::string_view key, std::int64_t value);
  void add_number(std::string_view key, double value);
  void add_text(std::string_view key, std::string_view text);
  void arrange(const metrics& names, const written_metrics& m);

  std::string text_; ///< The automatic keys' values.
  std::vector<automatic> automatic_;
  std::vector<column> columns_; ///< Views of all these.
};

} // namespace troupe
