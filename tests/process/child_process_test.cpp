#include "process/child_process.hpp"
#include "process/output_pipe.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <poll.h>
#include <sched.h>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

using namespace troupe;

namespace {

process_order shell_order(const std::string& script) {
  return {"/bin/sh", {"sh", "-c", script}, {"WORD=hello"}, "/"};
}

/// Waits until `descriptor` can be read.
void wait_for(int descriptor) {
  pollfd polled{descriptor, POLLIN, 0};
  REQUIRE(poll(&polled, 1, -1) == 1);
}

/// Reads a process's output to its end.
std::string all_output(const running_process& process) {
  std::string text;
  std::array<char, 256> bytes{};
  while (true) {
    wait_for(process.output());
    const auto size = read(process.output(), bytes.data(), bytes.size());
    if (size <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

} // namespace

TEST_CASE("a child runs in its folder, with its environment alone, and both its outputs are read") {
  const auto child = start_child(shell_order("pwd; echo $WORD$HOME >&2"));
  CHECK(all_output(*child) == "/\nhello\n");
  CHECK(child->wait() == 0);
}

TEST_CASE("how a child ends is told, and a late signal goes nowhere") {
  const auto child = start_child(shell_order("exit 7"));
  wait_for(child->ended());
  CHECK(describe_end(child->wait()) == "exit code 7");
  child->signal(SIGKILL);
}

TEST_CASE("signals go to the child's whole group") {
  const auto child = start_child(shell_order("sleep 1000 & echo ready; wait"));
  wait_for(child->output());
  child->signal(SIGTERM);
  CHECK(describe_end(child->wait()) == "killed by SIGTERM");
  CHECK(all_output(*child) == "ready\n"); // which ends when nobody is left
}

TEST_CASE("a child ends with its owner") {
  pid_t id = 0;
  {
    const auto child = start_child(shell_order("echo $$; exec sleep 1000"));
    wait_for(child->output());
    std::array<char, 32> bytes{};
    const auto size = read(child->output(), bytes.data(), bytes.size());
    REQUIRE(size > 0);
    id = std::stoi(std::string{bytes.data(), static_cast<std::size_t>(size)});
    CHECK(kill(id, 0) == 0);
  }
  CHECK(kill(id, 0) == -1);
}

TEST_CASE("a child has the descriptor that it is given as its third, and no others") {
  output_pipe pipe;
  const auto child =
      start_child(shell_order("echo for you >&3; ls /proc/$$/fd"), pipe.writing.descriptor());
  CHECK(all_output(*child) == "0\n1\n2\n3\n");
  std::array<char, 32> bytes{};
  const auto size = read(pipe.reading.descriptor(), bytes.data(), bytes.size());
  CHECK(std::string{bytes.data(), static_cast<std::size_t>(size)} == "for you\n");
  CHECK(child->wait() == 0);
}

TEST_CASE("no signal that this process's group gets ends a child that is just being started") {
  const pid_t group = getpgrp();
  if (getpid() != group) REQUIRE(setpgid(0, 0) == 0); // none but these two
  const auto before = std::signal(SIGTERM, SIG_IGN);
  for (int i = 0; i < 200; ++i) {
    const pid_t attacker = fork();
    for (int left = 50; attacker == 0 && left > 0; --left) { // fewer than it is tried
      kill(0, SIGTERM);
      sched_yield();
    }
    if (attacker == 0) _exit(0);
    CHECK(start_child({"/bin/true", {"true"}, {}, {}})->wait() == 0);
    waitpid(attacker, nullptr, 0);
  }
  std::signal(SIGTERM, before);
  if (getpid() != group) setpgid(0, group);
}

TEST_CASE("what cannot be started is named") {
  CHECK_THROWS_WITH_AS(start_child({"/no/program", {"x"}, {}, {}}),
                       "/no/program cannot be started: No such file or directory",
                       std::system_error);
}
