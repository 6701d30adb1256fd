#include "process/message_socket.hpp"

#include <cerrno>
#include <stdexcept>
#include <sys/socket.h>

namespace troupe {

std::size_t message_socket::receive(const std::function<void(std::string_view)>& take) {
  if (is_closed_) return 0;
  const auto size = recv(pair_.mine.descriptor(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  is_closed_ = size <= 0;
  if (is_closed_) return 0;
  lines_.add({buffer_.data(), static_cast<std::size_t>(size)}, [&](std::string_view line, bool) {
    if (line.size() >= longest_line)
      throw std::runtime_error{"a message of more than 1 MiB; large things belong in files"};
    take(line);
  });
  return static_cast<std::size_t>(size);
}

void message_socket::finish(const std::function<void(std::string_view)>& take) {
  lines_.finish([&](std::string_view line, bool) { take(line); });
}

void message_socket::send(std::string_view line) {
  if (is_closed_ || is_deaf_) return;
  const bool waits = !unsent_.empty();
  unsent_ += line;
  flush();
  if (waits && unsent_.size() > most_unsent)
    throw std::runtime_error{"the program does not read what it is told"};
}

void message_socket::hang_up() noexcept {
  is_closed_ = true;
  pair_.mine.reset();
}

void message_socket::flush() {
  while (!unsent_.empty() && !is_closed_) {
    const auto sent = ::send(pair_.mine.descriptor(), unsent_.data(), unsent_.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) {
      is_deaf_ = true;
      unsent_.clear();
      return;
    }
    unsent_.erase(0, static_cast<std::size_t>(sent));
  }
}

} // namespace troupe
