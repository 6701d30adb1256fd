#pragma once

#include <array>
#include <string>
#include <unistd.h>

namespace troupe {

/// Returns what this machine is called in its network.
inline std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

} // namespace troupe
