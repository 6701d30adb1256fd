#pragma once

#include "store/sqlite.hpp"

#include <troupe/events.hpp>

#include <cstdint>
#include <string_view>

namespace troupe {

/// How the file of a journal is laid out: a number that grows with every change.
///
///     1  events(seq, time_ns, trial, kind TEXT, data): data is a JSON object. A report names its
///        checkpoint, which is on the disk by then.
///     2  events(seq, time_ns, trial, kind INTEGER, data), kinds(code, name) and the view
///     event_log,
///        which has the names: data is a JSON array of the fields, in the order of docs/formats.md,
///        without the nulls at its end. A checkpoint is on the disk when checkpoint_saved says so.
namespace journal_format {

constexpr std::int64_t newest = 2;

/// Returns the format of `db`. Throws journal_error if it is not a journal, or one of a newer
/// Troupe.
std::int64_t check(sqlite::database& db);

/// Makes a journal without events of an empty database.
void create(sqlite::database& db);

/// Brings a journal of an older format to the newest; at any moment it is a whole one of either.
/// To others it adds the names of the kinds that are newer than they. Throws journal_error, naming
/// the event, for one that cannot be understood: the journal is then as it was.
void migrate(sqlite::database& db);

/// Returns the number that stands for an event's kind.
std::int64_t code_of(const event_body& body) noexcept;

/// The inverse of append_journal_data. Throws std::invalid_argument for what that does not write.
event_body body_of(std::int64_t code, std::string_view data);

/// The same for format 1.
event_body body_of_1(std::string_view kind, std::string_view data);

} // namespace journal_format

} // namespace troupe
