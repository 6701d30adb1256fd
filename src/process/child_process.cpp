#include "process/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

/// How the child begins: what posix_spawn is told.
class spawn_setup {
public:
  spawn_setup(int output, const std::string& cwd) {
    check(posix_spawn_file_actions_init(&actions_), "a process cannot be prepared");
    check(posix_spawnattr_init(&attributes_), "a process cannot be prepared");
    constexpr int first_of_others = 3;
    check(posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0) |
              posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO) |
              posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO) |
              posix_spawn_file_actions_addclosefrom_np(&actions_, first_of_others),
          "a process cannot be prepared");
    if (!cwd.empty()) check(posix_spawn_file_actions_addchdir_np(&actions_, cwd.c_str()), cwd);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~spawn_setup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  spawn_setup(const spawn_setup&) = delete;
  spawn_setup& operator=(const spawn_setup&) = delete;

  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Returns a descriptor that can be read when the process has ended; -1 if there is none.
int open_watch(pid_t id) {
  return static_cast<int>(syscall(SYS_pidfd_open, id, 0)); // which the C library lacks, or misnames
}

/// Returns `texts` as C wants them.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

} // namespace

child_process::child_process(const process_order& order) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) check(errno, "a pipe cannot be made");
  output_ = descriptor_owner{ends[0]};
  const descriptor_owner writing{ends[1]};
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) check(errno, "a pipe cannot be made");
  const spawn_setup setup{ends[1], order.cwd};
  auto arguments = order.arguments;
  auto environment = order.environment;
  pid_t id = -1;
  check(posix_spawn(&id, order.program.c_str(), setup.actions(), setup.attributes(),
                    pointers_to(arguments).data(), pointers_to(environment).data()),
        order.program + " cannot be started");
  id_ = id;
  ended_ = descriptor_owner{open_watch(id)};
  if (ended_.number() >= 0) return;
  const int error = errno;
  signal(SIGKILL);
  wait(); // the destructor of what has not been constructed does not run
  check(error, order.program + " cannot be watched");
}

child_process::~child_process() {
  if (id_ < 0) return;
  signal(SIGKILL);
  wait();
}

void child_process::signal(int number) const noexcept {
  if (id_ > 0) ::kill(-id_, number);
}

int child_process::wait() noexcept {
  siginfo_t info{};
  // It is still a zombie when its group is killed, so that no other group can have its number.
  while (waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  signal(SIGKILL);
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  return status;
}

std::string describe_end(int status) {
  if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return "killed by " +
         (name ? "SIG" + std::string{name} : "signal " + std::to_string(WTERMSIG(status)));
}

} // namespace troupe
