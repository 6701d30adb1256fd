#include "process/spawn.hpp"

#include "process/proc_stat.hpp"

#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

/// What a process does with its descriptors before it begins.
class first_actions {
public:
  first_actions(const process_descriptors& d, const std::string& cwd) {
    check(posix_spawn_file_actions_init(&actions_), "a process cannot be prepared");
    if (d.input < 0)
      open_null(STDIN_FILENO, O_RDONLY);
    else
      duplicate(d.input, STDIN_FILENO);
    if (d.output < 0) {
      open_null(STDOUT_FILENO, O_WRONLY);
      open_null(STDERR_FILENO, O_WRONLY);
    } else {
      duplicate(d.output, STDOUT_FILENO);
      duplicate(d.output, STDERR_FILENO);
    }
    if (d.extra >= 0) duplicate(d.extra, extra_descriptor);
    const int first_of_others = d.extra >= 0 ? extra_descriptor + 1 : extra_descriptor;
    check(posix_spawn_file_actions_addclosefrom_np(&actions_, first_of_others), "descriptors");
    if (!cwd.empty()) check(posix_spawn_file_actions_addchdir_np(&actions_, cwd.c_str()), cwd);
  }
  ~first_actions() { posix_spawn_file_actions_destroy(&actions_); }
  first_actions(const first_actions&) = delete;
  first_actions& operator=(const first_actions&) = delete;

  const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
  void open_null(int descriptor, int how) {
    check(posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", how, 0),
          "/dev/null");
  }

  void duplicate(int from, int to) {
    check(posix_spawn_file_actions_adddup2(&actions_, from, to), "descriptors");
  }

  posix_spawn_file_actions_t actions_{};
};

/// Its session, and how it handles signals.
class first_attributes {
public:
  first_attributes() {
    check(posix_spawnattr_init(&attributes_), "a process cannot be prepared");
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~first_attributes() { posix_spawnattr_destroy(&attributes_); }
  first_attributes(const first_attributes&) = delete;
  first_attributes& operator=(const first_attributes&) = delete;

  const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
  posix_spawnattr_t attributes_{};
};

/// Returns `texts` as C wants them.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// Returns whether a process has begun its program. One that has not is still struck by a signal to
/// the group from which it comes: what came before it left that waits until its signals are
/// unblocked, and ends it.
bool has_begun(pid_t id) {
  constexpr std::size_t state = 0, flags = 6;
  constexpr unsigned long not_yet = 0x40; // PF_FORKNOEXEC
  while (true) {
    const auto fields = stat_fields("/proc/" + std::to_string(id));
    if (fields.size() <= flags || (std::stoul(fields[flags]) & not_yet) == 0) return true;
    if (fields[state] == "Z") return false;
    sched_yield(); // it is just about to, or to end
  }
}

} // namespace

pid_t spawn(const process_order& order, const process_descriptors& descriptors) {
  const first_actions actions{descriptors, order.cwd};
  const first_attributes attributes;
  auto arguments = order.arguments;
  auto environment = order.environment;
  constexpr int most_tries = 100;
  for (int tries = 1;; ++tries) {
    pid_t id = -1;
    check(posix_spawn(&id, order.program.c_str(), actions.get(), attributes.get(),
                      pointers_to(arguments).data(), pointers_to(environment).data()),
          order.program + " cannot be started");
    if (tries == most_tries || has_begun(id)) return id;
    waitpid(id, nullptr, 0);
  }
}

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** variable = environ; variable && *variable; ++variable)
    all.emplace_back(*variable);
  return all;
}

} // namespace troupe
