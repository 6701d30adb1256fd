#pragma once

#include "base/file_handle.hpp"
#include "store/study_layout.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

/// The Unix socket by which a study that runs is spoken to: a request is a line of JSON, and so is
/// its answer; then the connection ends.
namespace troupe {

/// The longest request or answer, in bytes.
inline constexpr std::size_t longest_control_line = std::size_t{1} << 20;

/// The address of the socket in a results folder, which has to be open for as long as the address
/// is used: one of a long path is reached through its descriptor.
class control_address {
public:
  /// Throws std::system_error if the folder cannot be opened.
  explicit control_address(const study_layout& layout);

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const noexcept { return sizeof address_; }
  const char* path() const noexcept { return address_.sun_path; }

private:
  file_handle folder_;
  sockaddr_un address_{};
};

/// Returns the first line that comes within `patience`, without its end; none if none does, if it
/// is too long, or if `bell`, a descriptor, can be read before (-1: there is none).
std::optional<std::string> receive_line(int socket, std::chrono::milliseconds patience,
                                        int bell = -1);

/// Sends a line; returns whether it could be sent within `patience`.
bool send_line(int socket, std::string_view text, std::chrono::milliseconds patience);

} // namespace troupe
