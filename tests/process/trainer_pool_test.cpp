#include "model/fake_trial.hpp"
#include "process/child_process.hpp"
#include "process/command_run.hpp"
#include "process/session_memory.hpp"
#include "process/trainer_pool.hpp"

#include <troupe/errors.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <utility>
#include <vector>

using namespace troupe;

namespace {

/// Trains one trial after the other; reports its own number as the loss, and fails where it is
/// told.
constexpr const char* trainer = R"(
  echo '{"type": "hello", "version": 1}' >&3
  while read -r start <&3; do
    case $start in *fail*) exit 3;; esac
    echo '{"type": "report", "metrics": {"loss": '$$'}}' >&3
    read -r decision <&3
    [ $AGAIN ] || exit 0
    echo '{"type": "hello", "version": 1}' >&3
  done)";

std::string literal(const std::string& text) {
  std::string out;
  for (const char c : text)
    out.append(c == '{' || c == '}' ? 2 : 1, c);
  return out;
}

class numbered_trial : public fake_trial {
public:
  numbered_trial(troupe::config c, int number)
      : fake_trial{std::move(c)},
        id_{std::to_string(number)} {}
  const std::string& id() const noexcept override { return id_; }

private:
  std::string id_;
};

/// A pool of such processes, of which is known which have been started.
struct shell_pool {
  std::vector<pid_t> started;
  trainer_pool pool;

  explicit shell_pool(bool reuse, const std::string& script = trainer)
      : pool{command(reuse, script),
             [this](const process_order& order, int extra) {
               auto process = start_child(order, extra);
               started.push_back(process->session());
               return process;
             },
             reuse} {}

  /// Trains a trial; returns which process has done it.
  double train(const std::string& device = "cpu", const std::string& word = "well") {
    return train(next_++, device, word);
  }

  double train(int number, const std::string& device, const std::string& word) {
    numbered_trial one{{{"word", word}}, number};
    one.use({device});
    one.reserve_gb(memory_gb);
    one.reports_before_stop = 1;
    one.pauses = word == "pause";
    pool.train(one);
    REQUIRE(one.reports.size() == 1);
    return *one.reports.front().find("loss");
  }

  double memory_gb = 0;

private:
  int next_ = 100;

  static command_spec command(bool reuse, const std::string& script) {
    command_spec c;
    c.program = "/bin/sh";
    c.arguments = {text_template{"-c"}, text_template{literal(script)}};
    c.env = {{"AGAIN", reuse ? "1" : ""}};
    c.protocol = true;
    return c;
  }
};

} // namespace

TEST_CASE("a process trains one trial, and another waits when it begins") {
  shell_pool s{false};
  const auto first = s.train();
  CHECK(s.started.size() == 2);
  const double waits = s.started.back();
  CHECK(first != waits);
  CHECK(s.train() == waits);
  CHECK(s.started.size() == 3);
}

TEST_CASE("who waits is for trials of its lease alone, and no more wait than have run at once") {
  shell_pool s{false};
  s.train("cuda:0");
  const double waits = s.started.back();
  CHECK(s.train("cuda:1") != waits); // which has to go: no more than one runs at a time
  REQUIRE(s.started.size() == 4);
  const double next = s.started.back();
  CHECK(s.train("cuda:1") == next);
}

TEST_CASE("one that ends while it waits fails nobody, and is replaced once") {
  shell_pool s{false};
  s.train();
  kill(s.started.back(), SIGKILL);
  siginfo_t info{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(s.started.back()), &info, WEXITED | WNOWAIT) == 0);
  CHECK_NOTHROW(s.train());
  CHECK(s.started.size() == 4);
}

TEST_CASE("those that end at once are not started again and again") {
  shell_pool s{false, "exit 7"};
  for (int i = 0; i < 5; ++i)
    CHECK_THROWS_WITH_AS(s.train(), "exit code 7; it printed nothing", trial_error);
  CHECK(s.started.size() <= 10);
}

TEST_CASE("with reuse a process takes the next trial of its lease, and none is started ahead") {
  shell_pool s{true};
  const auto first = s.train();
  CHECK(s.train() == first);
  CHECK(s.train() == first);
  CHECK(s.started.size() == 1);
  const auto other = s.train("cuda:0");
  CHECK(other != first);
  CHECK(s.train("cuda:0") == other);
  CHECK(s.train() != first); // it had to go for the other
  CHECK(s.started.size() == 3);
}

TEST_CASE("with reuse a failure ends the process, and who is tried again has one of its own") {
  shell_pool s{true};
  const auto first = s.train();
  CHECK_THROWS_AS(s.train(7, "cpu", "fail"), trial_error);
  CHECK(s.started.size() == 1);
  const auto second = s.train();
  CHECK(second != first);
  const auto third = s.train(7, "cpu", "well");
  CHECK(third != second);
  CHECK(s.train() == third);
  CHECK(s.train(7, "cpu", "well") != third); // its report was not what the study needs
}

TEST_CASE("with reuse a trial that was paused may go on where it was") {
  shell_pool s{true};
  const auto first = s.train(7, "cpu", "pause");
  CHECK(s.train(7, "cpu", "pause") == first);
  CHECK(s.train(7, "cpu", "well") == first);
}

TEST_CASE("one that has done all before it is listened to rests as well") {
  const process_order order{"/bin/sh",
                            {"sh", "-c", R"(
    echo '{"type": "hello", "version": 1}' >&3
    echo '{"type": "report", "metrics": {"loss": 1}}' >&3
    echo '{"type": "hello", "version": 1}' >&3
    echo ready; read -r start <&3; read -r decision <&3; read -r never <&3)"},
                            {},
                            {}};
  auto program = start_program(start_child, order, true);
  pollfd printed{program.process->output(), POLLIN, 0};
  REQUIRE(poll(&printed, 1, -1) == 1);
  command_spec command;
  command.protocol = true;
  fake_trial one{{}};
  const auto rested = run_trial_in(std::move(program), command, one, true, [] {});
  CHECK(rested);
  CHECK(one.reports.size() == 1);
}

TEST_CASE("with reuse a process that keeps much of what a trial may use ends") {
  shell_pool s{true};
  s.memory_gb = 1;
  const auto first = s.train();
  CHECK(s.train() == first);
  // Not more than a trial may use, but more than half of it.
  s.memory_gb = 1.1e-9 * static_cast<double>(memory_of_session(s.started.front(), 0));
  CHECK(s.train() == first);
  CHECK(s.train() != first);
}
