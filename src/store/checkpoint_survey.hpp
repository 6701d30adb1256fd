#pragma once

#include "search/life/study_state.hpp"
#include "store/study_layout.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace troupe {

/// Where the checkpoints that a study keeps, and its journal, do not agree: the process has died
/// between the two, or somebody has removed or damaged one.
struct checkpoint_survey {
  using name = std::pair<trial_number, int>; ///< Whose, and its number.
  std::vector<name> found;  ///< They are on the disk and whole, though the journal does not say so.
  std::vector<name> lost;   ///< They are not.
  std::vector<name> missed; ///< Of those: the ones that the journal says had been saved.
};

/// Returns the checkpoint that trial `n` goes on from where the last one that is kept never reached
/// the disk: the newest that was there in its place; none if the last one is there, or none was.
/// Throws std::filesystem::filesystem_error if the folder cannot be looked into.
std::optional<int> stand_in(const study_layout& layout, const study_state& state, trial_number n);

/// Looks at the checkpoints that `state`, which has taken the whole journal, keeps for trials
/// that may go on; those of the others may be put back when they are missed. Throws folder_error if
/// the folder cannot be looked into.
checkpoint_survey survey_checkpoints(const study_layout& layout, const study_state& state);

/// Removes from a study's folder what a process that has died has left half-written, or had no time
/// to remove. Throws std::runtime_error naming what cannot be removed.
void remove_leftovers(const study_layout& layout, const study_state& state);

} // namespace troupe
