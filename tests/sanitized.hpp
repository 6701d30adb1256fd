#pragma once

namespace troupe {

/// Whether a sanitizer watches, beside which everything takes about ten times as long and more
/// memory: what is repeated for the sake of its statistics, and not of its memory, is left to
/// others.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

} // namespace troupe
