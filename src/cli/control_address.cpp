#include "cli/control_address.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

namespace troupe {

namespace {

using steady = std::chrono::steady_clock;

int milliseconds_until(steady::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

} // namespace

control_address::control_address(const study_layout& layout)
    : folder_{open(layout.root().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)} {
  if (!folder_) throw std::system_error{errno, std::generic_category(), layout.root().string()};
  auto path = layout.control().string();
  if (path.size() >= sizeof address_.sun_path)
    path = "/proc/self/fd/" + std::to_string(folder_.descriptor()) + '/' +
           layout.control().filename().string();
  address_.sun_family = AF_UNIX;
  path.copy(address_.sun_path, sizeof address_.sun_path - 1);
}

std::optional<std::string> receive_line(int socket, std::chrono::milliseconds patience, int bell) {
  const auto deadline = steady::now() + patience;
  std::string text;
  while (text.size() <= longest_control_line) {
    pollfd polled[]{{socket, POLLIN, 0}, {bell, POLLIN, 0}};
    const int ready = poll(polled, 2, milliseconds_until(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || polled[1].revents != 0) return std::nullopt;
    char piece[4096];
    const auto n = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return std::nullopt;
    text.append(piece, static_cast<std::size_t>(n));
    if (const auto end = text.find('\n'); end != text.npos) return text.substr(0, end);
  }
  return std::nullopt;
}

bool send_line(int socket, std::string_view text, std::chrono::milliseconds patience) {
  const auto deadline = steady::now() + patience;
  std::string line{text};
  line += '\n';
  for (std::string_view left = line; !left.empty();) {
    const auto n = send(socket, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      left.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return false;
    pollfd polled{socket, POLLOUT, 0};
    if (poll(&polled, 1, milliseconds_until(deadline)) == 0) return false;
  }
  return true;
}

} // namespace troupe
