#pragma once

#include "store/written_metrics.hpp"

#include <troupe/events.hpp>

#include <string>

namespace troupe {

/// Appends the fields of an event's kind, as the journal keeps them in its column `data`: what
/// to_json(body) is as text. `m`: written_metrics{body}, for who has made it already.
void append_journal_data(std::string& out, const event_body& body, const written_metrics& m);

} // namespace troupe
