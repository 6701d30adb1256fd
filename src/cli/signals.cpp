#include "cli/signals.hpp"

#include "cli/terminal.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

/// What comes within so many milliseconds of the first signal, before anybody has been answered, is
/// the same wish: timeout signals a process, and then its group.
constexpr int one_wish_ms = 2;

bool is_ignored(int signal) {
  struct sigaction now = {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t taken_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (!is_ignored(SIGHUP)) sigaddset(&set, SIGHUP); // nohup ignores it
  return set;
}

} // namespace

signal_watch::signal_watch() {
  const sigset_t set = taken_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || wake_ < 0)
    throw std::system_error{errno, std::generic_category(), "signals cannot be watched"};
  thread_ = std::thread{[this] { watch(); }};
}

signal_watch::~signal_watch() {
  eventfd_write(wake_, 1);
  thread_.join();
  close(signals_);
  close(wake_);
  const sigset_t set = taken_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void signal_watch::ask_first(first_answer on_first, std::string last_words) {
  const std::lock_guard lock{mutex_};
  on_first_ = std::move(on_first);
  last_words_ = std::move(last_words);
}

bool signal_watch::interrupt(std::string_view by) {
  const std::lock_guard lock{mutex_};
  int none = 0;
  if (!on_first_ || !caught_.compare_exchange_strong(none, SIGINT)) return false;
  has_come_.notify_all();
  on_first_(SIGINT, by);
  return true;
}

bool signal_watch::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock{mutex_};
  return has_come_.wait_for(lock, longest, [this] { return caught_ != 0; });
}

void signal_watch::watch() {
  pollfd polled[]{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}};
  while (true) {
    if (poll(polled, 2, -1) < 0) continue;
    if (polled[1].revents != 0) return;
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) != sizeof info) continue;
    signalfd_siginfo same{};
    while (caught_ == 0 && poll(polled, 1, one_wish_ms) == 1 &&
           read(signals_, &same, sizeof same) == sizeof same) {
    }
    handle(static_cast<int>(info.ssi_signo));
  }
}

void signal_watch::handle(int signal) {
  const std::lock_guard lock{mutex_};
  const bool first = caught_.exchange(signal) == 0;
  has_come_.notify_all();
  if (first && on_first_) return on_first_(signal, {});
  restore_terminal();
  std::fputs(last_words_.c_str(), stderr);
  _exit(128 + signal);
}

} // namespace troupe
