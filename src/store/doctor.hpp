#pragma once

#include "store/study_layout.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace troupe {

/// Something that is wrong in a study's folder.
struct finding {
  std::string where;  ///< The file or folder.
  std::string what;   ///< What is wrong with it, and what that means.
  std::string remedy; ///< What repair() does, as in "makes it anew"; else what a person can do.
  std::string done{}; ///< What repair() has done, as in "made anew".
  /// Puts it right; null if that cannot be done. Throws std::runtime_error if it fails.
  std::function<void()> repair{};
};

/// What was found, in the order in which it was looked for, and how much was looked at.
struct diagnosis {
  std::vector<finding> findings;
  std::uint64_t events = 0, trials = 0, checkpoints = 0;
};

/// Looks at a study's folder, without changing anything: whether the database is sound, its events
/// follow each other, study.json is theirs, the checkpoints that they need are there and whole, and
/// what is derived from them says the same; and for what a crash has left.
///
/// `in_use`: the study is being written. Then only the database, the events and study.json are
/// looked at, for the rest changes meanwhile; what is found is no reason to repair anything.
///
/// No repair() changes events, study.json or a checkpoint that is needed. Hold the folder's lock
/// from before the call until the last of them. Throws folder_error if there is no study, or the
/// folder cannot be looked into.
diagnosis examine(const study_layout& layout, bool in_use);

/// Returns whether another process or object has the study's folder. On a network file system this
/// may have to watch one on another machine for a while.
bool is_in_use(const study_layout& layout);

} // namespace troupe
