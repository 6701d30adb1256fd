#pragma once

#include "base/file_handle.hpp"

#include <filesystem>
#include <functional>

namespace troupe {

/// An exclusive lock on a file, held for the object's lifetime. It keeps out other processes and
/// other threads alike, and is let go when the process ends, however it does. The file stays: to
/// remove it would let two holders in.
class file_lock {
public:
  /// Creates `file` if need be and waits for as long as someone else holds it, calling `waiting`
  /// once before. Throws data_error if the file cannot be created or locked.
  file_lock(const std::filesystem::path& file, const std::function<void()>& waiting);

private:
  file_handle file_;
};

} // namespace troupe
