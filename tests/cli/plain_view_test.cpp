#include "cli/plain_view.hpp"
#include "sample_study.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

namespace {

using lines = std::vector<std::string>;

/// A study watched in lines.
struct watched {
  watched() { see(events.began()); }

  lines see(const event& e) {
    state.apply(e);
    return view.lines(state, e);
  }

  void start(double s, trial_number n) {
    see(events.added(s, n));
    see(events.started(s, n));
  }

  journal events;
  view_state state{cifar()};
  plain_view view;
};

} // namespace

TEST_CASE("the end of a trial is one line, with its rule") {
  watched w;
  w.start(0, 3);
  w.see(w.events.reported(80, 3, 2, {{"loss", 1.87273}}));
  CHECK(w.see(w.events.ended(83, 3, trial_state::stopped, "asha: rung 2: 1.87 > 1.31")) ==
        lines{"[ 1:23] trial 00003 stopped at iteration 2: loss 1.873 (asha: rung 2: 1.87 > "
              "1.31)"});
  w.start(84, 4);
  w.see(w.events.reported(90, 4, 10, {{"loss", 2}}));
  CHECK(w.see(w.events.ended(3723, 4, trial_state::completed)) ==
        lines{"[1:02:03] trial 00004 completed at iteration 10: loss 2"});
}

TEST_CASE("a failure carries the first line of its error, and whether the trial is tried again") {
  watched w;
  w.start(0, 7);
  const std::string error = "out of memory: 3 GB\nat layer 4";
  CHECK(w.see(w.events.failed(5, 7, error, true)) ==
        lines{"[ 0:05] trial 00007 failed, to be tried again: out of memory: 3 GB"});
  w.see(w.events.started(6, 7));
  CHECK(w.see(w.events.failed(7, 7, error, false)).empty());
  CHECK(w.see(w.events.ended(7, 7, trial_state::failed, "out of memory: 3 GB")) ==
        lines{"[ 0:07] trial 00007 failed: out of memory: 3 GB"});
}

TEST_CASE("a better trial is news, a worse one is not") {
  watched w;
  w.start(0, 0);
  w.start(0, 1);
  CHECK(w.see(w.events.reported(85, 0, 4, {{"loss", 1.1815}})) ==
        lines{"[ 1:25] best so far: trial 00000, loss 1.181 at iteration 4 (lr=0.00276, l1=8)"});
  CHECK(w.see(w.events.reported(86, 1, 1, {{"loss", 1.5}})).empty());
  CHECK(w.see(w.events.reported(87, 0, 5, {{"loss", 1.4}})).empty()); // the best got worse
  CHECK(w.see(w.events.reported(88, 1, 2, {{"loss", 1.3}})) ==
        lines{"[ 1:28] best so far: trial 00001, loss 1.3 at iteration 2 (lr=0.00276, l1=8)"});
}

TEST_CASE("a best trial that gets better and better is news every ten seconds") {
  watched w;
  w.start(0, 0);
  int told = 0;
  for (int i = 1; i <= 300; ++i)
    told += static_cast<int>(w.see(w.events.reported(0.1 * i, 0, i, {{"loss", 1.0 / i}})).size());
  CHECK(told == 3);
  w.start(31, 1);
  CHECK(w.see(w.events.reported(31, 1, 1, {{"loss", 1e-3}})).size() == 1); // another trial
}

TEST_CASE("the heartbeat comes at growing intervals, at last every five minutes") {
  watched w;
  std::vector<int> beats;
  for (int second = 0; second < 1800; ++second)
    if (w.view.heartbeat(w.state, at(second))) beats.push_back(second);
  CHECK(beats == std::vector<int>{10, 30, 70, 150, 310, 610, 910, 1210, 1510});
}

TEST_CASE("after a long sleep there is one heartbeat, not all that were missed") {
  watched w;
  CHECK(w.view.heartbeat(w.state, at(5000)));
  CHECK_FALSE(w.view.heartbeat(w.state, at(5001)));
}

TEST_CASE("a heartbeat says how far the study is") {
  watched w;
  w.start(0, 0);
  CHECK(w.view.heartbeat(w.state, at(10)) == "[ 0:10] 0/10 done, 1 running, no estimate yet");
  w.see(w.events.reported(20, 0, 1, {{"loss", 1.18}}));
  w.see(w.events.ended(20, 0, trial_state::completed));
  w.start(20, 1);
  CHECK(w.view.heartbeat(w.state, at(30)) ==
        "[ 0:30] 1/10 done, 1 running, best loss 1.18, about 2:50 left (mean of 1 trial)");
  CHECK(w.see(w.events.stopping(31, "time budget of 31 s")) ==
        lines{"[ 0:31] stopping: time budget of 31 s"});
  CHECK(w.view.heartbeat(w.state, at(100)) ==
        "[ 1:40] 1/10 done, 1 running, best loss 1.18, stopping");
}

TEST_CASE("when nothing runs any more, what is still to be saved is told as it gets less") {
  watched w;
  for (const trial_number n : {0u, 1u, 2u}) {
    w.start(0, n);
    w.see(w.events.reported_with(1, n, 0, 1.0 + n));
  }
  CHECK_FALSE(w.view.heartbeat(w.state, at(5)));
  for (const trial_number n : {0u, 1u, 2u})
    w.see(w.events.ended(5, n, trial_state::completed));
  CHECK_FALSE(w.view.heartbeat(w.state, at(5.2)));
  CHECK_FALSE(w.view.heartbeat(w.state, at(6)));
  CHECK(w.view.heartbeat(w.state, at(6.3)) == "[ 0:06] 3 checkpoints still to be saved");
  w.see(w.events.saved(7, 0, 0));
  w.see(w.events.saved(7, 1, 0));
  CHECK_FALSE(w.view.heartbeat(w.state, at(8)));
  CHECK(w.view.heartbeat(w.state, at(11.4)) == "[ 0:11] 1 checkpoint still to be saved");
  w.see(w.events.saved(12, 2, 0));
  CHECK(w.view.heartbeat(w.state, at(20)).value_or("").find("saved") == std::string::npos);
}
