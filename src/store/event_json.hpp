#pragma once

#include <troupe/events.hpp>

#include <boost/json/object.hpp>

#include <string_view>

namespace troupe {

/// Returns the fields of the event's kind: what the journal keeps in its column `data`.
boost::json::object to_json(const event_body& body);

/// The inverse, given the kind's name. Throws std::invalid_argument, naming the key, for anything
/// that to_json does not write.
event_body event_body_from_json(std::string_view kind, const boost::json::object& fields);

/// Returns the metrics as {"loss": 0.3}; non-finite values become "nan", "inf", "-inf".
boost::json::object to_json(const metrics& m);

} // namespace troupe
