#pragma once

#include "search/life/study_course.hpp"
#include "store/study_writer.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace troupe {

/// The parts of a study that decide and that write, ready to be put behind mailboxes.
struct study_parts {
  std::unique_ptr<correctable_scheduler> scheduler;
  std::unique_ptr<troupe::searcher> searcher;
  std::uint64_t seen = 0; ///< The last event that the searcher knows of.
  std::unique_ptr<study_course> course;
  std::unique_ptr<study_writer> writer; ///< None if nothing is written down.
  /// How the study goes on; none if it begins.
  std::optional<study_course::resumption> resumption;
};

/// Makes a study's searcher; empty: the one that the study names.
using searcher_maker = std::function<std::unique_ptr<searcher>(const study&)>;

/// Returns the parts of a study that begins in `folder`, which may be null. Throws folder_error if
/// it cannot be used, and std::invalid_argument if the searcher or scheduler cannot be made.
study_parts begun_parts(std::unique_ptr<study_folder> folder, const study& s,
                        const searcher_maker& make);

/// How a study is to go on.
struct going_on {
  bool retry_failed = false;
  std::function<void(const event&)> past{};       ///< Told the journal's events. May be empty,
  std::function<void(const std::string&)> warn{}; ///< like this: told what is missed.
};

/// Throws std::invalid_argument, saying where they differ, unless `s` is the study that is in the
/// folder but for its limits.
void refuse_another(const study& there, const study& s, const study_layout& layout);

/// Returns the parts of the study that is in `folder` and goes on within the limits of `s`, as its
/// journal has left them. What processes that have died left
/// half-written is removed. Throws the same; std::invalid_argument also if `s` is another study,
/// and journal_error or sqlite::error if the journal cannot be read.
study_parts resumed_parts(std::unique_ptr<study_folder> folder, const study& s,
                          const searcher_maker& make, const going_on& how);

} // namespace troupe
