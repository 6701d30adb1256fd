#pragma once

#include "store/study_layout.hpp"

#include <filesystem>
#include <string_view>

namespace troupe {

/// How one study replaces another in a results folder, so that whoever dies in between leaves one
/// of the two whole: the former one is moved to OUT/.former, and removed when the new one is there.
/// A study is there when it has its journal, study.json, and its first event.
///
/// But for reading, all of this wants the folder's lock, touches files of a study alone, and throws
/// folder_error that names what cannot be moved or removed.

/// Moves the study that is in the folder out of the way, or leaves it where it is and throws.
/// Precondition: it has a journal.
void set_aside(const study_layout& layout);

/// Removes what a new study has been given so far, and moves the former one back, if there is one.
void bring_back(const study_layout& layout);

/// Removes the former study, if there is one.
void discard_former(const study_layout& layout);

/// Returns the journal of the study that is there: the folder's, or the former one's if whoever was
/// to replace it has died, or is at it. Where it would be, if there is none. This needs no lock.
std::filesystem::path present_journal(const study_layout& layout);

/// The same, where there must be one. Throws folder_error, which ends with `remedy`, if there is
/// none.
std::filesystem::path existing_journal(const study_layout& layout, std::string_view remedy = {});

/// Ends what a process has left unfinished that has died: a replacement half made is taken back or
/// completed; temporary files go, and what programs have worked on.
void settle(const study_layout& layout);

} // namespace troupe
