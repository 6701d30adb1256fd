#include "actors/actor_kit.hpp"
#include "base/json.hpp"
#include "cli/channels.hpp"
#include "cli/console.hpp"
#include "cli/sample_study.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>

#include <fcntl.h>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// Two trials, one of which fails; nothing of it depends on the clock.
std::vector<event> short_study() {
  journal j;
  std::vector<event> events{j.began("cifar10", 2), j.added(0, 0), j.added(0, 1), j.started(0, 0)};
  events.push_back(j.started(0, 1));
  events.push_back(j.reported(60, 0, 1, {{"loss", 1.25}}));
  events.push_back(j.failed(61, 1, "out of memory\nat layer 4", false));
  events.push_back(j.ended(61, 1, trial_state::failed, "out of memory"));
  events.push_back(j.ended(83, 0, trial_state::completed));
  events.push_back(j.over(83));
  return events;
}

/// A console, and whoever tells it what happens.
class watched_study {
public:
  explicit watched_study(int screen, std::optional<int> event_lines = {})
      : console_{spawn_console(bench_.system, {view_state{cifar()},
                                               std::make_shared<terminal>(screen), event_lines})} {}

  void tell(const std::vector<event>& events) {
    for (const event& e : events)
      anon_tell(console_, e);
  }

  void progress(trial_number n, double fraction) {
    anon_tell(console_, trial_progress{n, fraction});
  }

  void kill() { caf::anon_send_exit(console_, caf::exit_reason::user_shutdown); }

  void wait() {
    caf::scoped_actor {
      bench_.system
      } -> wait_for(console_);
  }

private:
  actor_bench bench_;
  subscriber_actor console_;
};

} // namespace

TEST_CASE("where there is no terminal, a console writes lines and ends with the study") {
  const pipe_pair out;
  watched_study w{out.out()};
  w.tell(short_study());
  w.wait();
  CHECK(out.written() ==
        "[ 1:00] best so far: trial 00000, loss 1.25 at iteration 1 (lr=0.00276, l1=8)\n"
        "[ 1:01] trial 00001 failed: out of memory\n"
        "[ 1:23] trial 00000 completed at iteration 1: loss 1.25\n");
}

TEST_CASE("on a terminal the last frame stands, failures above it, and the cursor is back") {
  const variable kind{"TERM", "xterm"};
  const variable no_colour{"NO_COLOR", "1"};
  const pseudo_terminal pty;
  watched_study w{pty.out()};
  w.tell(short_study());
  w.progress(0, 0.5);
  w.wait();
  const std::string written = pty.written();
  CHECK(written.ends_with("study cifar10  2/2 done · 1 failed\r\n"
                          "elapsed 1:23\r\n"
                          "best loss 1.25 · trial 00000 at iteration 1 · lr=0.00276 l1=8\r\n"
                          "1 failed: out of memory\r\n"
                          "\x1b[0m\x1b[?25h"));
  CHECK(written.find("trial 00001 failed: out of memory\r\n") != std::string::npos);
}

TEST_CASE("a console draws of its own accord, and gives the cursor back when it is killed") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  watched_study w{pty.out()};
  std::string written;
  while (written.find("0/10 done") == std::string::npos)
    written += pty.written();
  w.kill();
  w.wait();
  CHECK((written + pty.written()).ends_with("\x1b[0m\x1b[?25h"));
}

TEST_CASE("with event lines, each event is one line of JSON, beside the view") {
  const pipe_pair out, lines;
  watched_study w{out.out(), lines.out()};
  w.tell(short_study());
  w.wait();
  std::istringstream in{lines.written()};
  std::vector<std::string> read, sent;
  for (std::string line; std::getline(in, line);)
    read.push_back(line);
  for (const event& e : short_study())
    sent.push_back(to_text(to_json(e)));
  CHECK(read == sent);
  CHECK(out.written().find("trial 00001 failed") != std::string::npos);
}

TEST_CASE("event lines on a terminal leave no room for a view") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal screen, lines;
  watched_study w{screen.out(), lines.out()};
  w.tell(short_study());
  w.wait();
  CHECK(screen.written().empty());
  CHECK_FALSE(lines.written().empty());
}

TEST_CASE("event lines that cannot be written are given up, once, and the view goes on") {
  const int full = open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  const pipe_pair out;
  watched_study w{out.out(), full};
  w.tell(short_study());
  w.wait();
  const std::string written = out.written();
  CHECK(written.starts_with(
      "cannot write events: No space left on device; no more will be written\n[ 1:00] best"));
  CHECK(written.find("cannot write", 1) == std::string::npos);
  close(full);
}
