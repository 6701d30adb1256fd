#pragma once

#include "cli/listing.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

/// The commands that look at a study, whether it runs or not, and never change it. Each prints its
/// answer on `out`, what else there is to say on `err`, and returns the exit code; each throws
/// folder_error if there is no study, and std::invalid_argument for a trial or a column that there
/// is not.
namespace troupe {

struct look_options {
  std::optional<std::filesystem::path> folder; ///< None: see meant_study().
  listing_options listing;
};

/// How far a study is.
int status_command(const look_options& o, std::ostream& out, std::ostream& err);

/// The best trial, or the Pareto front. Exit code 1 if there is none.
int best_command(const look_options& o, std::ostream& out, std::ostream& err);

struct trials_options : look_options {
  std::optional<std::string> where;  ///< read_filter(); none: all.
  std::optional<std::string> sort;   ///< sort_rows(); none: by id.
  std::optional<std::uint64_t> most; ///< So many of the first.
};

int trials_command(const trials_options& o, std::ostream& out, std::ostream& err);

struct comparison_options : look_options {
  std::vector<std::string> trials; ///< Ids: "00003", or "3".
};

/// What tells trials apart.
int compare_command(const comparison_options& o, std::ostream& out, std::ostream& err);

/// Which parameters mattered.
int importance_command(const look_options& o, std::ostream& out, std::ostream& err);

/// Waits until the study has ended, or nobody runs it any more. Returns the exit code that `run`
/// has, or had: 130 if it can go on.
int wait_command(const std::optional<std::filesystem::path>& folder, std::ostream& err);

struct report_options {
  std::optional<std::filesystem::path> folder;
  std::optional<std::filesystem::path> file; ///< "-": standard output. None: report.html.
};

/// All of a study as a page for a browser.
int report_command(const report_options& o, std::ostream& out, std::ostream& err);

struct show_options : look_options {
  std::string trial;
};

/// All that is known of a trial.
int show_command(const show_options& o, std::ostream& out, std::ostream& err);

struct logs_options {
  std::filesystem::path folder;
  std::string trial;
  bool follow = false;
};

/// What a trial has printed; with `follow`, until it has ended, also what it prints then.
int logs_command(const logs_options& o, std::ostream& out, std::ostream& err);

} // namespace troupe
