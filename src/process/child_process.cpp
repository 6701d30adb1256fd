#include "process/child_process.hpp"

#include "process/output_pipe.hpp"
#include "process/reaping.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

class child_process final : public running_process {
public:
  child_process(const process_order& order, int extra) {
    output_pipe pipe;
    id_ = spawn(order, {pipe.writing.descriptor(), extra});
    output_ = std::move(pipe.reading);
  }

  ~child_process() override {
    if (id_ < 0) return;
    signal(SIGKILL);
    wait();
  }

  /// Throws std::system_error.
  void watch() {
    ended_ = watch_child(id_);
    if (ended_.descriptor() < 0)
      throw std::system_error{errno, std::generic_category(), "a process cannot be watched"};
  }

  int output() const noexcept override { return output_.descriptor(); }
  int ended() const noexcept override { return ended_.descriptor(); }
  pid_t session() const noexcept override { return id_; }
  void signal(int number) const noexcept override {
    if (id_ > 0) ::kill(-id_, number);
  }

  int wait() override { return reap_with_group(std::exchange(id_, -1)); }

private:
  pid_t id_ = -1; ///< Of the process, and of its group; -1 when it has been waited for.
  file_handle output_;
  file_handle ended_;
};

} // namespace

std::unique_ptr<running_process> start_child(const process_order& order, int extra) {
  auto child = std::make_unique<child_process>(order, extra);
  child->watch();
  return child;
}

std::string describe_end(int status) {
  if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return "killed by " +
         (name ? "SIG" + std::string{name} : "signal " + std::to_string(WTERMSIG(status)));
}

} // namespace troupe
