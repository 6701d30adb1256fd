#pragma once

#include <troupe/metrics.hpp>
#include <troupe/reason_kind.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace troupe {

/// The version of the protocol (docs/protocol.md) that this program speaks.
inline constexpr int protocol_version = 1;

/// What a trial's program says to Troupe: the first message, and then as many others as it likes.
/// @{
struct client_hello {};
struct client_report {
  troupe::metrics metrics;
  std::optional<std::string> checkpoint{}; ///< The name of a folder; a plain file name.
};
struct client_progress {
  double fraction = 0; ///< In [0, 1].
};
struct client_log {
  std::string text;
};
struct client_heartbeat {};
struct client_error {
  std::string message; ///< Not empty.
  troupe::reason_kind reason_kind = troupe::reason_kind::error;
};
/// @}

using client_message = std::variant<client_hello, client_report, client_progress, client_log,
                                    client_heartbeat, client_error>;

/// Reads a message: a line of JSON, in which numbers may be NaN, Infinity and -Infinity as well.
/// Throws std::invalid_argument, saying what is wrong, for anything else: other kinds and keys too,
/// and the hello of a later version.
client_message read_client_message(std::string_view line);

} // namespace troupe
