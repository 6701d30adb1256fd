#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace troupe {

/// Waits, without holding anything, until there is something new about a study: events after
/// number `seen` in its `journal`, or `expires`, a Unix time in nanoseconds, has passed, or it has
/// to be looked at why the journal cannot be read. Returns false if it is `until` before that.
bool wait_for_news(const std::filesystem::path& journal, std::uint64_t seen,
                   std::optional<std::int64_t> expires,
                   std::chrono::steady_clock::time_point until);

} // namespace troupe
