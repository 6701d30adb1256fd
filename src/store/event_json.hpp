#pragma once

#include <troupe/events.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace troupe {

/// Returns the fields of the event's kind: what the journal keeps in its column `data`.
boost::json::object to_json(const event_body& body);

/// Returns the values of the same fields, in the order of docs/formats.md; null for those that are
/// rare and missing there, without the nulls at the end.
boost::json::array to_row(const event_body& body);

/// The inverse, given the kind's name. Throws std::invalid_argument, naming the key, for anything
/// that to_json does not write.
event_body event_body_from_json(std::string_view kind, const boost::json::object& fields);

/// Returns the names of all kinds, in the order of event_body.
std::vector<std::string_view> kind_names();

/// Returns the event of the `index`-th kind whose fields have these values, in order; those that
/// are missing at the end are null. Throws std::invalid_argument for anything that to_json does not
/// write.
event_body event_body_from_row(std::size_t index, const boost::json::array& row);

/// Reads the same from text without building a value, where the text is plain (plain_json) and has
/// nothing rare in it. Else returns false, and `out` may be anything.
bool read_plain_row(std::size_t index, std::string_view text, event_body& out);

/// Returns the metrics as {"loss": 0.3}; non-finite values become "nan", "inf", "-inf".
boost::json::object to_json(const metrics& m);

} // namespace troupe
