#include "process/hook.hpp"

#include "base/file_handle.hpp"
#include "process/program_path.hpp"
#include "process/reaping.hpp"
#include "process/running_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <poll.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

/// A file in memory: nobody has to read while another writes, as with a pipe.
file_handle memory_file(std::string_view text) {
  file_handle file{memfd_create("troupe hook", MFD_CLOEXEC)};
  while (file && !text.empty()) {
    const auto n = write(file.descriptor(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!file || !text.empty() || lseek(file.descriptor(), 0, SEEK_SET) != 0)
    throw std::system_error{errno, std::generic_category(), "no memory for a hook's input"};
  return file;
}

/// Returns the last line that is not empty.
std::string last_line(const file_handle& output) {
  std::array<char, 1024> end{};
  const auto size = lseek(output.descriptor(), 0, SEEK_END);
  const auto from =
      size > static_cast<off_t>(end.size()) ? size - static_cast<off_t>(end.size()) : 0;
  const auto n = pread(output.descriptor(), end.data(), end.size(), from);
  std::string_view text{end.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return std::string{text.substr(text.rfind('\n') + 1)};
}

/// Waits for the end of a process; returns whether it came in time.
bool ends_within(pid_t id, std::chrono::milliseconds longest) {
  const auto ended = watch_child(id);
  const auto deadline = std::chrono::steady_clock::now() + longest;
  while (ended) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd polled{ended.descriptor(), POLLIN, 0};
    if (poll(&polled, 1, static_cast<int>(left.count())) > 0) return true;
  }
  return true; // it cannot be watched: waiting for it has no limit
}

} // namespace

std::string run_hook(const std::vector<std::string>& command, std::string_view text,
                     std::chrono::milliseconds longest) {
  try {
    const char* path = std::getenv("PATH");
    const process_order order{find_program(command.at(0), {}, path ? path : "/usr/bin:/bin"),
                              command,
                              own_environment(),
                              {}};
    const auto input = memory_file(text);
    const auto output = memory_file({});
    const auto id = spawn(order, {.output = output.descriptor(), .input = input.descriptor()});
    const bool in_time = ends_within(id, longest);
    if (!in_time) kill(-id, SIGKILL);
    const int status = reap_with_group(id);
    if (in_time && status == 0) return {};
    const auto line = last_line(output);
    return (in_time ? describe_end(status)
                    : "not done after " + std::to_string(longest.count() / 1000) + " s, killed") +
           (line.empty() ? "" : ": " + line);
  } catch (const std::exception& e) {
    return e.what();
  }
}

} // namespace troupe
