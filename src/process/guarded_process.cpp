#include "process/guarded_process.hpp"

#include "process/guardian.hpp"
#include "process/order_message.hpp"
#include "process/output_pipe.hpp"
#include "process/socket_pair.hpp"

#include <troupe/errors.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

trial_error guardian_is_gone() {
  return {reason_kind::lost, "the guardian of its process is gone; has it been killed?"};
}

/// The tuner's end of its guardian.
class guardian_link {
public:
  guardian_link() {
    socket_pair pair;
    id_ = spawn({"/proc/self/exe", {"troupe", guardian_word}, own_environment(), {}},
                {-1, pair.others.descriptor()});
    socket_ = std::move(pair.mine);
    waker_ = std::jthread{[id = id_] { keep_awake(id); }};
  }

  /// Waits until nothing is left of the processes.
  ~guardian_link() {
    socket_.reset();
    waker_.join(); // at its end, before its number may mean another process
    while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  guardian_link(const guardian_link&) = delete;
  guardian_link& operator=(const guardian_link&) = delete;

  /// It answers no more: its sockets are closed before its process has ended.
  void lose() noexcept { is_lost_ = true; }

  /// Returns whether its process is there.
  bool is_there() const {
    siginfo_t info{};
    return !is_lost_ &&
           waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
  }

  void ask(const process_order& order, const request_descriptors& passed) {
    const std::lock_guard lock{mutex_};
    try {
      send_request(socket_.descriptor(), order, passed);
    } catch (const std::system_error&) {
      throw guardian_is_gone();
    }
  }

private:
  /// A program may stop its parent, by a signal that none can ignore.
  static void keep_awake(pid_t id) {
    siginfo_t info{};
    while (true) {
      if (waitid(P_PID, static_cast<id_t>(id), &info, WSTOPPED | WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) return;
      } else if (info.si_code == CLD_STOPPED) {
        kill(id, SIGCONT);
      } else {
        return;
      }
    }
  }

  pid_t id_ = -1;
  file_handle socket_;
  std::mutex mutex_;
  std::jthread waker_;
  std::atomic<bool> is_lost_ = false;
};

class guarded_process final : public running_process {
public:
  guarded_process(std::shared_ptr<guardian_link> link, const process_order& order, int extra)
      : link_{std::move(link)} {
    output_pipe pipe;
    {
      socket_pair pair;
      link_->ask(order, {pipe.writing.descriptor(), pair.others.descriptor(), extra});
      news_ = std::move(pair.mine);
    }
    const auto start = next_news();
    if (start.error != 0)
      throw std::system_error{start.error, std::generic_category(),
                              order.program + " cannot be started"};
    id_ = start.value;
    output_ = std::move(pipe.reading);
  }

  ~guarded_process() override {
    if (has_ended_) return;
    signal(SIGKILL);
    try {
      wait();
    } catch (const std::runtime_error&) {
      // The guardian is gone, and so is the process.
    }
  }

  int output() const noexcept override { return output_.descriptor(); }
  int ended() const noexcept override { return news_.descriptor(); }
  pid_t session() const noexcept override { return id_; }
  void signal(int number) const noexcept override {
    if (!has_ended_) kill(-id_, number);
  }

  int wait() override {
    const auto news = next_news();
    has_ended_ = true;
    return news.value;
  }

private:
  process_news next_news() {
    process_news news;
    ssize_t got = 0;
    while ((got = recv(news_.descriptor(), &news, sizeof news, MSG_WAITALL)) < 0 &&
           errno == EINTR) {
    }
    if (got == sizeof news) return news;
    link_->lose();
    if (id_ > 0) signal(SIGKILL); // nobody else does any more
    has_ended_ = true;
    throw guardian_is_gone();
  }

  std::shared_ptr<guardian_link> link_;
  file_handle news_;
  file_handle output_;
  pid_t id_ = -1; ///< Its group's as well.
  bool has_ended_ = false;
};

/// The guardian of the commands that are started: another one if it has been killed.
class guardian_keeper {
public:
  std::shared_ptr<guardian_link> present() {
    const std::lock_guard lock{mutex_};
    if (!link_->is_there()) link_ = std::make_shared<guardian_link>();
    return link_;
  }

private:
  std::mutex mutex_;
  std::shared_ptr<guardian_link> link_ = std::make_shared<guardian_link>();
};

} // namespace

process_starter start_guardian() {
  return [keeper = std::make_shared<guardian_keeper>()](const process_order& order, int extra) {
    return std::make_unique<guarded_process>(keeper->present(), order, extra);
  };
}

} // namespace troupe
