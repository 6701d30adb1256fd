#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// Returns Unix time in nanoseconds as UTC, exactly: "2026-03-01T17:04:05.000000123Z".
std::string to_utc_text(std::int64_t time_ns);

/// The inverse of to_utc_text. Throws std::invalid_argument for any other text.
std::int64_t from_utc_text(std::string_view text);

/// Returns Unix time in nanoseconds as SQL tools write it: UTC, without saying so, cut to
/// microseconds: "2026-03-01 17:04:05.000000".
std::string to_sql_time_text(std::int64_t time_ns);

/// Returns the second that `time_ns` lies in, as Ray Tune writes dates, in UTC:
/// "2026-03-01_17-04-05".
std::string to_date_text(std::int64_t time_ns);

} // namespace troupe
