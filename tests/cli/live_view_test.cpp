#include "cli/live_view.hpp"
#include "sample_study.hpp"
#include "views/text.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

namespace {

using lines = std::vector<std::string>;

/// Seven trials done, two running.
view_state busy(journal& events) {
  view_state s{cifar()};
  s.apply(events.began());
  for (trial_number n = 0; n < 7; ++n) {
    s.apply(events.added(0, n));
    s.apply(events.started(0, n));
    s.apply(events.reported(20, n, 4, {{"loss", n == 5 ? 1.1815014744281769 : 2.0}}));
  }
  for (const trial_number n : {0u, 1u, 2u})
    s.apply(events.ended(40, n, trial_state::completed));
  for (const trial_number n : {3u, 4u, 5u})
    s.apply(events.ended(40, n, trial_state::stopped));
  s.apply(events.ended(40, 6, trial_state::failed, "out of memory"));
  for (const trial_number n : {7u, 8u}) {
    s.apply(events.added(40, n, {{"lr", 0.00034}, {"l1", 16}}));
    s.apply(events.started(40, n));
  }
  s.apply(events.reported(60, 7, 1, {{"loss", 1.3126}}));
  s.progress(7, 0.5);
  return s;
}

std::string random_name(random_stream& random) {
  static constexpr std::array pieces{"lr",   "ß", "学习率", "🙂", "e\u0301", "\x1b[31m",
                                     "\xff", " ", "\n",     "x",    "weight",  "\xe5\xad"};
  std::string name;
  for (auto n = random.below(12) + 1; n > 0; --n)
    name += pieces[random.below(pieces.size())];
  return name;
}

view_state random_state(random_stream& random) {
  study st;
  st.name = random_name(random);
  st.metric = random_name(random);
  st.num_samples = random.below(1'000'000);
  for (int i = 0; i < 4; ++i)
    st.space.add("p" + std::to_string(i) + random_name(random), uniform{0, 1});
  view_state s{st};
  journal events;
  s.apply(events.began(st.name, st.num_samples));
  for (auto n = static_cast<trial_number>(random.below(40)); n > 0; --n) {
    config c;
    for (const auto& e : st.space.entries())
      c[e.path] = random_name(random);
    const double t = random.uniform() * 1e5;
    s.apply(events.added(t, n * 12345, c));
    s.apply(events.started(t, n * 12345));
    s.progress(n * 12345, random.uniform());
    if (random.below(2))
      s.apply(events.reported(t, n * 12345, static_cast<int>(random.below(100'000)),
                              {{st.metric, (random.uniform() - 0.5) * 1e-200}}));
    if (random.below(3) == 0)
      s.apply(events.ended(t, n * 12345, static_cast<trial_state>(3 + random.below(4)), "why"));
  }
  if (random.below(4) == 0) s.apply(events.stopping(1e5, random_name(random)));
  return s;
}

std::string without_colours(std::string line) {
  for (auto at = line.find('\x1b'); at != std::string::npos; at = line.find('\x1b'))
    line.erase(at, line.find('m', at) - at + 1);
  return line;
}

} // namespace

TEST_CASE("the live view shows counts, time, the best trial and the running ones") {
  journal events;
  const view_state s = busy(events);
  CHECK(live_view(s, at(60), {}) ==
        lines{"study cifar10  7/10 done · 2 running · 3 stopped · 1 failed",
              "elapsed 1:00 · about 0:20 left (mean of 7 trials)",
              "best loss 1.182 · trial 00005 at iteration 4 · 0:40 ago, before 2 · lr=0.00276 …",
              "1 failed: out of memory", "00007 ████░░░░ iter  2  loss 1.313   lr=0.00034 l1=16",
              "00008 ░░░░░░░░ iter  1  loss -       lr=0.00034 l1=16"});
}

TEST_CASE("where it is known how long a trial is, its bar is about all of it") {
  auto st = cifar();
  st.stop = {{"training_iteration", stop_rule::side::at_least, 10}};
  journal events;
  view_state s{st};
  s.apply(events.began());
  s.apply(events.added(0, 0));
  s.apply(events.started(0, 0));
  s.apply(events.reported(20, 0, 4, {{"loss", 1.5}}));
  s.progress(0, 0.5);
  CHECK(live_view(s, at(60), {}).back() ==
        "00000 ███░░░░░ iter  5/10 loss 1.5     lr=0.00276 l1=8");
}

TEST_CASE("a view of any width shows what matters most") {
  journal events;
  const view_state s = busy(events);
  const auto running = [&](int columns) {
    canvas c;
    c.columns = columns;
    return live_view(s, at(60), c).at(4);
  };
  CHECK(running(16) == "00007 1.313   l…");
  CHECK(running(24) == "00007 iter  2  1.313   …");
  CHECK(running(40) == "00007 iter  2  loss 1.313   lr=0.00034 …");
  CHECK(running(300).find("████████████░░░░░░░░░░░░ iter  2") != std::string::npos);
  canvas wide;
  wide.columns = 300;
  CHECK(live_view(s, at(60), wide).at(2).ends_with("before 2 · lr=0.00276 l1=8"));
}

TEST_CASE("a terminal that has ASCII alone is drawn on with that") {
  journal events;
  canvas c;
  c.ascii = true;
  c.columns = 60;
  CHECK(live_view(busy(events), at(60), c) ==
        lines{"study cifar10  7/10 done | 2 running | 3 stopped | 1 failed",
              "elapsed 1:00 | about 0:20 left (mean of 7 trials)",
              "best loss 1.182 | trial 00005 at iteration 4 | 0:40 ago, be~",
              "1 failed: out of memory", "00007 ###... iter  2  loss 1.313   lr=0.00034 l1=16",
              "00008 ...... iter  1  loss -       lr=0.00034 l1=16"});
}

TEST_CASE("failures are grouped by what they say, and forgotten when they are tried again") {
  journal events;
  view_state s{cifar()};
  s.apply(events.began());
  for (trial_number n = 0; n < 8; ++n) {
    s.apply(events.added(0, n));
    s.apply(events.started(0, n));
    s.apply(events.ended(1, n, trial_state::failed,
                         n < 4 ? "no memory\nat line 7" : "kind " + std::to_string(n)));
  }
  const auto shown = live_view(s, at(1), {});
  CHECK(lines{shown.begin() + 3, shown.end()} ==
        lines{"4 failed: no memory", "1 failed: kind 4", "1 failed: kind 5", "… and 2 kinds more"});
  s.apply(events.make(2, 0, event_kind::trial_retried{}));
  CHECK(s.failures().at("no memory") == 3);
  CHECK(s.done() == 7);
}

TEST_CASE("a study that somebody has paused says so") {
  journal events;
  view_state s = busy(events);
  s.apply(events.make(61, std::nullopt, event_kind::study_paused{"somebody"}));
  CHECK(live_view(s, at(61), {})[1] == "elapsed 1:01 · PAUSED once what runs has left");
  for (const trial_number n : {7u, 8u})
    s.apply(events.make(62, n, event_kind::trial_held{1}));
  CHECK(live_view(s, at(62), {})[1] == "elapsed 1:02 · PAUSED");
  CHECK(s.count(trial_state::pending) == 2);
  s.apply(events.make(63, std::nullopt, event_kind::study_continued{}));
  CHECK_FALSE(s.paused());
}

TEST_CASE("before anything has happened the live view says so") {
  CHECK(live_view(view_state{cifar()}, at(0), {}) ==
        lines{"study cifar10  0/10 done", "elapsed 0:00 · no estimate yet", "best loss: none yet"});
}

TEST_CASE("a study that winds up says why, and at its end what it came to") {
  journal events;
  view_state s = busy(events);
  s.apply(events.stopping(60, "interrupted by Ctrl-C"));
  CHECK(live_view(s, at(61), {})[1] == "elapsed 1:01 · stopping: interrupted by Ctrl-C");
  for (const trial_number n : {7u, 8u})
    s.apply(events.ended(62, n, trial_state::interrupted));
  s.apply(events.over(62));
  CHECK(live_view(s, at(99), {}) ==
        lines{"study cifar10  7/10 done · 3 stopped · 1 failed · 2 interrupted",
              "elapsed 1:02 · interrupted by Ctrl-C",
              "best loss 1.182 · trial 00005 at iteration 4 · 1:19 ago, before 2 · lr=0.00276 …",
              "1 failed: out of memory"});
}

TEST_CASE("running trials that do not fit are counted") {
  journal events;
  view_state s{cifar()};
  s.apply(events.began());
  for (trial_number n = 0; n < 10; ++n) {
    s.apply(events.added(0, n));
    s.apply(events.started(0, n));
  }
  canvas small;
  small.rows = 8;
  const lines shown = live_view(s, at(1), small);
  REQUIRE(shown.size() == 7);
  CHECK(shown[5].starts_with("00002 "));
  CHECK(shown[6] == "… and 7 more");
  small.rows = 14; // room for all
  CHECK(live_view(s, at(1), small).back().starts_with("00009 "));
}

TEST_CASE("long names give way to the counts") {
  study st = cifar();
  st.name = std::string(200, 'x');
  const std::string header = live_view(view_state{st}, at(0), {}).front();
  CHECK(header.ends_with("x…  0/10 done"));
  CHECK(display_width(header) == 80);
}

TEST_CASE("colours frame whole lines, and only where they are wanted") {
  journal events;
  const view_state s = busy(events);
  canvas c;
  c.colour = true;
  const lines coloured = live_view(s, at(60), c);
  CHECK(coloured[0].starts_with("\x1b[1mstudy "));
  CHECK(coloured[0].ends_with("failed\x1b[0m"));
  lines plain;
  for (const std::string& line : coloured)
    plain.push_back(without_colours(line));
  CHECK(plain == live_view(s, at(60), {}));
}

TEST_CASE("no line is ever wider, and no view higher, than the canvas") {
  random_stream random{20, 0, "live view"};
  for (int i = 0; i < 300; ++i) {
    const view_state s = random_state(random);
    canvas c;
    c.columns = static_cast<int>(random.below(320)) + 1;
    c.rows = static_cast<int>(random.below(60)) + 1;
    c.colour = random.below(2) == 1;
    const lines shown = live_view(s, at(2e5), c);
    CHECK(shown.size() <= static_cast<std::size_t>(std::max(c.rows - 1, 1)));
    for (const std::string& coloured : shown) {
      const std::string line = c.colour ? without_colours(coloured) : coloured;
      CHECK(display_width(line) <= c.columns);
      CHECK(line == printable(line));
      CHECK(line.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE("the view says what is still to be saved when nothing runs any more") {
  journal events;
  view_state s{cifar()};
  s.apply(events.began());
  s.apply(events.added(0, 0));
  s.apply(events.started(0, 0));
  s.apply(events.reported_with(20, 0, 0, 0.5));
  const auto second_line = [&] { return live_view(s, at(60), {}).at(1); };
  CHECK(second_line().find("saved") == std::string::npos);
  s.apply(events.stopping(30, "interrupted by Ctrl-C"));
  s.apply(events.ended(30, 0, trial_state::interrupted));
  CHECK(second_line() ==
        "elapsed 1:00 · 1 checkpoint to be saved · stopping: interrupted by Ctrl-C");
  s.apply(events.saved(31, 0, 0));
  CHECK(second_line() == "elapsed 1:00 · stopping: interrupted by Ctrl-C");
}
