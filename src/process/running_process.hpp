#pragma once

#include "process/spawn.hpp"

#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>

namespace troupe {

/// A process in a session and process group of its own, whose output is read. With its owner the
/// whole group ends.
class running_process {
public:
  running_process() = default;
  virtual ~running_process() = default;
  running_process(const running_process&) = delete;
  running_process& operator=(const running_process&) = delete;

  /// Where to read what it prints, on stdout or stderr, without blocking.
  virtual int output() const noexcept = 0;

  /// A descriptor that can be read when the process (not all of its group) has ended.
  virtual int ended() const noexcept = 0;

  /// Its number, which is that of its session and group, too.
  virtual pid_t session() const noexcept = 0;

  /// Sends a signal to its group; none once it has been waited for.
  virtual void signal(int number) const noexcept = 0;

  /// Waits for its end, kills what is left of its group, and returns how it ended, as waitpid(2)
  /// does. Called once. Throws std::runtime_error if nobody knows how it ended.
  virtual int wait() = 0;
};

/// Starts a process, whose descriptor 3 is `extra`, which stays the caller's; none if that is -1.
/// Throws std::system_error naming the program if that cannot be done.
using process_starter =
    std::function<std::unique_ptr<running_process>(const process_order&, int extra)>;

/// Returns how a process ended that did not end well: "exit code 3", "killed by SIGSEGV".
std::string describe_end(int status);

} // namespace troupe
