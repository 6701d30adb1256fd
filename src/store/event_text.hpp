#pragma once

#include "store/written_metrics.hpp"

#include <troupe/events.hpp>

#include <string>

namespace troupe {

/// Appends the fields of an event's kind, as the journal keeps them in its column `data`: a JSON
/// array of the values that to_json(body) has, in order, without the nulls at its end. `m`:
/// written_metrics{body}, for who has made it already.
void append_journal_data(std::string& out, const event_body& body, const written_metrics& m);

} // namespace troupe
