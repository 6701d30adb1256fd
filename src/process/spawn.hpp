#pragma once

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

  friend bool operator==(const process_order&, const process_order&) = default;
};

/// The descriptor that a new process may have beside its input and output.
inline constexpr int extra_descriptor = 3;

/// Where a new process has its descriptors.
struct process_descriptors {
  int output = -1; ///< Its stdout and stderr; -1: /dev/null.
  int extra = -1;  ///< Its extra_descriptor; -1: none.
  int input = -1;  ///< Its stdin; -1: /dev/null.
};

/// Starts a process in a session and process group of its own. It has no other
/// descriptors than those given, and handles signals as is usual. Throws std::system_error naming
/// the program if that cannot be done.
pid_t spawn(const process_order& order, const process_descriptors& descriptors);

/// Returns this process's environment as an order has it: "NAME=value".
std::vector<std::string> own_environment();

} // namespace troupe
