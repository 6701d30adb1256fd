#pragma once

#include "process/descriptor_owner.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe {

/// What to run.
struct process_order {
  std::string program;                  ///< A path; a relative one counts from `cwd`.
  std::vector<std::string> arguments;   ///< The first one is what it is called.
  std::vector<std::string> environment; ///< "NAME=VALUE"
  std::string cwd;                      ///< Empty: the current folder.
};

/// A child process in a session and process group of its own. It reads nothing, and writes what it
/// prints, on stdout or stderr, into one pipe; it has no other descriptors, and handles signals as
/// is usual. With its owner the whole group ends.
class child_process {
public:
  /// Starts it. Throws std::system_error naming the program if that cannot be done.
  explicit child_process(const process_order& order);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Where to read what it prints, without blocking.
  int output() const noexcept { return output_.number(); }

  /// A descriptor that can be read when the process (not all of its group) has ended.
  int ended() const noexcept { return ended_.number(); }

  /// Sends a signal to its group.
  void signal(int number) const noexcept;

  /// Waits for its end, kills what is left of its group, and returns how it ended, as waitpid(2)
  /// does. Called once.
  int wait() noexcept;

private:
  pid_t id_ = -1; ///< Of the process, and of its group; -1 when it has been waited for.
  descriptor_owner output_;
  descriptor_owner ended_;
};

/// Returns how a process ended that did not end well: "exit code 3", "killed by SIGSEGV".
std::string describe_end(int status);

} // namespace troupe
