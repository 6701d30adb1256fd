#include "process/guardian.hpp"

#include "process/order_message.hpp"
#include "process/own_children.hpp"
#include "process/socket_pair.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <list>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

constexpr int request_socket = extra_descriptor;
/// The variable by which is known whose process has started another one, wherever that has gone.
constexpr std::string_view mark_variable = "TROUPE_WARD";

/// A trial's process.
struct ward {
  pid_t id;
  std::string mark; ///< What TROUPE_WARD is.
  file_handle news; ///< Closed at the other end when the tuner has done with it.
  bool has_ended = false;
};

/// Sets it, also where this program runs below another guardian.
void set_mark(std::vector<std::string>& environment, const std::string& mark) {
  const auto begin = std::string{mark_variable} + "=";
  std::erase_if(environment, [&](const auto& variable) { return variable.starts_with(begin); });
  environment.push_back(begin + mark);
}

void tell(const file_handle& news, process_news what) {
  // Nobody may listen any more.
  [[maybe_unused]] const auto sent = send(news.descriptor(), &what, sizeof what, MSG_NOSIGNAL);
}

bool has_hung_up(const file_handle& socket) {
  pollfd polled{socket.descriptor(), 0, 0};
  return poll(&polled, 1, 0) > 0;
}

class guardian {
public:
  guardian() {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    // A program may stop its parent; who would wake this one is gone then.
    prctl(PR_SET_PDEATHSIG, SIGCONT);
    // It ends with the tuner alone: a program may send these to its parent.
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP})
      std::signal(number, SIG_IGN);
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    ends_ = file_handle{signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK)};
  }

  void guard() {
    for (bool has_tuner = true; has_tuner;) {
      std::vector<pollfd> polled{{request_socket, POLLIN, 0}, {ends_.descriptor(), POLLIN, 0}};
      for (const auto& w : wards_)
        polled.push_back({w.news.descriptor(), 0, 0});
      if (poll(polled.data(), polled.size(), -1) < 0) continue;
      if (polled[1].revents != 0) see_ends();
      release(polled);
      if (polled[0].revents != 0) has_tuner = serve();
    }
    wards_.clear();
    end_all();
  }

private:
  /// Starts what is asked for; false if nobody asks any more.
  bool serve() {
    auto request = receive_request(request_socket);
    if (!request) return false;
    if (has_hung_up(request->news)) return true; // the tuner was killed as it waited for this
    auto mark = std::to_string(getpid()) + "." + std::to_string(++started_);
    set_mark(request->order.environment, mark);
    try {
      const auto id =
          spawn(request->order, {request->output.descriptor(), request->extra.descriptor()});
      tell(request->news, {0, id});
      wards_.push_back({id, std::move(mark), std::move(request->news)});
    } catch (const std::system_error& e) {
      tell(request->news, {e.code().value(), 0});
    }
    return true;
  }

  void see_ends() {
    for (signalfd_siginfo info{}; read(ends_.descriptor(), &info, sizeof info) > 0;) {
    }
    for (auto& w : wards_)
      if (!w.has_ended) see_end(w);
    sweep();
  }

  static void see_end(ward& w) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(w.id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
      return;
    w.has_ended = true;
    kill(-w.id, SIGKILL);
    const bool by_itself = info.si_code == CLD_EXITED;
    tell(w.news, {0, by_itself ? W_EXITCODE(info.si_status, 0) : info.si_status});
  }

  /// Ends what trials have left behind that have ended, and takes note of what has ended itself.
  /// What does not say whose it is stays until the end of the study.
  void sweep() {
    for (const pid_t child : own_children()) {
      if (std::ranges::any_of(wards_, [child](const ward& w) { return w.id == child; })) continue;
      if (waitpid(child, nullptr, WNOHANG) == child) continue;
      const auto mark = variable_of(child, std::string{mark_variable});
      const bool is_wanted = std::ranges::any_of(
          wards_, [&mark](const ward& w) { return !w.has_ended && w.mark == mark; });
      if (!mark.empty() && !is_wanted) kill(child, SIGKILL);
    }
  }

  /// Lets go of the processes with which the tuner has done. `polled`: their sockets from the third
  /// place on.
  void release(const std::vector<pollfd>& polled) {
    std::size_t place = 2;
    for (auto w = wards_.begin(); w != wards_.end(); ++place) {
      if (polled[place].revents == 0) {
        ++w;
        continue;
      }
      kill(-w->id, SIGKILL);
      waitpid(w->id, nullptr, 0);
      w = wards_.erase(w);
    }
  }

  /// Ends all that is below this process. What a killed process has started comes here, and is
  /// next. The list of children may lack some while others come and go, so it is asked for again.
  void end_all() const {
    constexpr int longest_wait_ms = 20;
    while (true) {
      for (const pid_t child : own_children())
        kill(child, SIGKILL);
      pollfd polled{ends_.descriptor(), POLLIN, 0};
      poll(&polled, 1, longest_wait_ms);
      signalfd_siginfo info{};
      while (read(ends_.descriptor(), &info, sizeof info) > 0) {
      }
      pid_t ended = 0;
      while ((ended = waitpid(-1, nullptr, WNOHANG)) > 0) {
      }
      if (ended < 0 && errno == ECHILD) return;
    }
  }

  file_handle ends_;
  std::list<ward> wards_;
  std::uint64_t started_ = 0; ///< Processes, ever.
};

} // namespace

bool is_guardian(int argc, char** argv) {
  return argc == 2 && std::string_view{argv[1]} == guardian_word && is_socket(request_socket);
}

int guard_commands() {
  guardian{}.guard();
  return 0;
}

} // namespace troupe
