#pragma once

#include <string_view>

namespace troupe {

/// Writes all of `bytes` to a file descriptor, in one write(2) unless the system takes less at a
/// time. Returns false if it could not; errno says why.
bool write_all(int fd, std::string_view bytes) noexcept;

} // namespace troupe
