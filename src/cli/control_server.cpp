#include "cli/control_server.hpp"

#include "base/json.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// Whoever says nothing for so long does not keep others waiting.
constexpr auto longest_silence = 1s;

constexpr int most_waiting = 16;

[[noreturn]] void fail(const char* path) {
  throw std::system_error{errno, std::generic_category(), path};
}

void remove_stale(const char* path) {
  struct stat found {};
  if (lstat(path, &found) != 0) return;
  if (!S_ISSOCK(found.st_mode))
    throw folder_error{fmt::format("{} is in the way, which is no socket", path)};
  if (unlink(path) != 0) fail(path);
}

} // namespace

control_server::control_server(const study_layout& layout, answer give)
    : address_{layout},
      give_{std::move(give)},
      listener_{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)},
      bell_{eventfd(0, EFD_CLOEXEC)} {
  const auto* path = address_.path();
  if (!listener_ || !bell_) fail(path);
  remove_stale(path);
  if (bind(listener_.descriptor(), address_.get(), address_.size()) != 0) fail(path);
  struct stat made {};
  // Nobody can connect before it listens.
  if (chmod(path, S_IRUSR | S_IWUSR) != 0 || lstat(path, &made) != 0 ||
      listen(listener_.descriptor(), most_waiting) != 0) {
    const int cause = errno;
    unlink(path);
    errno = cause;
    fail(path);
  }
  device_ = made.st_dev;
  inode_ = made.st_ino;
  thread_ = std::thread{[this] { serve(); }};
}

control_server::~control_server() {
  eventfd_write(bell_.descriptor(), 1);
  thread_.join();
  if (is_there()) unlink(address_.path());
}

bool control_server::is_there() const {
  struct stat found {};
  return lstat(address_.path(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

void control_server::serve() {
  pollfd polled[]{{listener_.descriptor(), POLLIN, 0}, {bell_.descriptor(), POLLIN, 0}};
  while (true) {
    if (poll(polled, 2, -1) < 0) continue;
    if (polled[1].revents != 0) return;
    const file_handle one{accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (one) serve(one.descriptor());
  }
}

void control_server::serve(int socket) {
  const auto line = receive_line(socket, longest_silence, bell_.descriptor());
  if (!line) return;
  json::object said;
  try {
    said = give_(parse_json(*line).as_object());
  } catch (const std::exception& e) {
    said = {{"error", e.what()}};
  }
  send_line(socket, to_text(said), longest_silence);
}

} // namespace troupe
