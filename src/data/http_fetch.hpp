#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe {

/// How long a transfer may take its time, and how often it is spoken of.
struct transfer_limits {
  std::chrono::milliseconds connect{15'000};   ///< To resolve the name and be connected.
  std::chrono::milliseconds stall{30'000};     ///< To receive `least_rate` for, on average.
  std::uint64_t least_rate = 1'000;            ///< Bytes per second.
  std::chrono::milliseconds first_word{2'000}; ///< To the first progress report; then ever longer.
};

/// A transfer failed on the way or at the other end; another attempt may succeed.
struct transfer_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Makes `file` hold the `bytes` bytes that are at `url` (http or https). What `file` has already
/// is taken for their beginning and not fetched again, if the server can send the rest alone. Tells
/// `say` about progress at growing intervals.
///
/// Throws transfer_error, after which `file` holds what has arrived, or does not exist if that was
/// not the content asked for; data_error if `file` cannot be written.
void fetch(const std::string& url, std::uint64_t bytes, const std::filesystem::path& file,
           const transfer_limits& limits, const std::function<void(std::string_view)>& say);

} // namespace troupe
