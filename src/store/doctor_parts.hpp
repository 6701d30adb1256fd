#pragma once

#include "search/life/study_state.hpp"
#include "store/doctor.hpp"
#include "store/report_row.hpp"
#include "store/trial_files.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// The parts of examine(): each adds what it finds.
namespace troupe {

using trial_events = std::shared_ptr<std::vector<event>>;

/// Looks at the checkpoints that `state`, which has taken the whole journal, needs, and for those
/// that it does not.
void examine_checkpoints(const study_layout& layout, const study_state& state, diagnosis& d);

/// Looks for the latter alone, without reading a checkpoint that is needed.
void examine_unneeded(const study_layout& layout, const study_state& state, diagnosis& d);

/// Looks for what a crash has left half-written, or of trials that the journal does not know.
void examine_leftovers(const study_layout& layout, trial_number trials, diagnosis& d);

/// Compares params.json, result.json and progress.csv of trial `n` with its events.
void examine_trial_files(const study_layout& layout, trial_number n, const trial_events& events,
                         diagnosis& d);

/// Returns how many reports there are among a trial's events.
std::size_t reports_in(const std::vector<event>& events);

/// Lets files that have just been made take all of a trial's events. Of who wrote each report down
/// `origins` tells, in order.
void play(const std::vector<event>& events, const std::vector<report_origin>& origins,
          trial_files& files);

/// Looks at what was saved of the journal (saved_replay.hpp).
void examine_saved_replay(const study_layout& layout, diagnosis& d);

/// Compares Optuna's tables with the events.
void examine_view(const study_layout& layout, const study& s, diagnosis& d);

/// Says what is wrong with a checkpoint's folder; empty if it is whole, as far as can be seen:
/// metadata.json can be read, and files of tensors are as long as they say.
std::string checkpoint_problem(const std::filesystem::path& folder);

/// Returns which process wrote down each of the first `reports` reports of a trial, as far as
/// result.json, or else progress.csv, in its folder say so.
std::vector<report_origin> origins_in(const std::filesystem::path& trial_folder,
                                      std::size_t reports);

/// A finding that is repaired by removing `path`.
finding superfluous(const std::filesystem::path& path, std::string what);

} // namespace troupe
