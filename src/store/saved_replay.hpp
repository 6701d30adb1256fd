#pragma once

#include "store/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace troupe {

/// What the first events of a journal have come to, as bytes in its own file, so that who opens a
/// long study need not put all of them through it again (docs/formats.md). It is derived: whoever
/// does not find it, or finds it wanting, does without.
///
/// Members throw sqlite::error. One thread at a time; the database must be a journal and outlive
/// the object.
struct saved_replay {
  std::uint64_t seq = 0; ///< The last event that is in it.
  std::string bytes;
};

/// Returns what was saved in `db` for `study`, whatever else has become of it since: by this
/// version of the program, of this journal as it is now. None if there is none such.
///
/// `study`: the study file as far as events mean something else with another: what was saved for
/// another is none.
std::optional<saved_replay> find_saved_replay(sqlite::database& db, const std::string& study);

/// Saves it in the transaction that is open, in the place of what was there. Its events are in the
/// journal, committed.
void save_replay(sqlite::database& db, const std::string& study, const saved_replay& replay);

/// Returns whether the bytes that are saved in `db`, be they of use or not, are those that were.
bool is_saved_replay_whole(sqlite::database& db);

/// Removes what is saved.
void forget_saved_replay(sqlite::database& db);

} // namespace troupe
