#pragma once

#include <troupe/scheduler.hpp>
#include <troupe/trainable.hpp>

#include <boost/json/object.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace troupe {

/// What Troupe says to a trial's program (docs/protocol.md): a line of JSON each, with its end.
/// @{

/// The answer to its hello: with what it trains. `folder`: where it makes its checkpoints; `last`:
/// the one that it goes on from.
std::string start_message(const trial& t, const std::filesystem::path& folder,
                          const std::optional<std::filesystem::path>& last);

/// The answer to a report.
std::string decision_message(verdict decision);

/// What such an answer says to do; to stop, if it is none.
verdict verdict_in(const boost::json::object& decision);

/// That it should end without waiting for the end of its iteration.
std::string stop_message();
/// @}

} // namespace troupe
