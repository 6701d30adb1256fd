#include "channels.hpp"
#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// What empties so many rows above the cursor, and its own.
std::string erased(int rows) {
  std::string bytes = "\r\x1b[2K";
  for (; rows > 0; --rows)
    bytes += "\x1b[A\x1b[2K";
  return bytes;
}

} // namespace

TEST_CASE("a frame replaces the one before") {
  const variable kind{"TERM", "xterm-256color"};
  const pseudo_terminal pty;
  terminal t{pty.out()};
  t.draw({"one", "two"});
  CHECK(pty.written() == "\x1b[?25lone\r\ntwo\r\n");
  t.draw({"three"});
  CHECK(pty.written() == erased(2) + "three\r\n");
  t.draw({"four", "five"});
  CHECK(pty.written() == erased(1) + "four\r\nfive\r\n");
}

TEST_CASE("a message stands above the frame") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  terminal t{pty.out()};
  t.say("before any frame");
  CHECK(pty.written() == "before any frame\r\n");
  t.draw({"frame"});
  pty.written();
  t.say("news");
  CHECK(pty.written() == erased(1) + "news\r\nframe\r\n");
}

TEST_CASE("a closed frame stays, the cursor comes back, and the next one is drawn below") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  terminal t{pty.out()};
  t.draw({"last"});
  pty.written();
  t.close_frame();
  CHECK(pty.written() == "\x1b[0m\x1b[?25h");
  t.close_frame();
  CHECK(pty.written().empty());
  t.draw({"again"});
  CHECK(pty.written() == "\x1b[?25lagain\r\n");
}

TEST_CASE("the cursor comes back with the end of the terminal object") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  {
    terminal t{pty.out()};
    t.draw({"frame"});
    pty.written();
  }
  CHECK(pty.written() == "\x1b[0m\x1b[?25h");
}

TEST_CASE("the cursor can be brought back in a hurry, and once") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  terminal t{pty.out()};
  restore_terminal();
  CHECK(pty.written().empty());
  t.draw({"frame"});
  pty.written();
  restore_terminal();
  CHECK(pty.written() == "\x1b[0m\x1b[?25h");
  t.close_frame();
  CHECK(pty.written().empty());
}

TEST_CASE("a window that has become narrower has wrapped the frame, which goes all the same") {
  const variable kind{"TERM", "xterm"};
  pseudo_terminal pty;
  terminal t{pty.out()};
  CHECK(t.size().columns == 80);
  CHECK(t.size().rows == 24);
  t.draw({std::string(70, 'x'), "\x1b[1m" + std::string(30, 'y') + "\x1b[0m", ""});
  pty.written();
  pty.resize(10, 30);
  CHECK(t.size().columns == 30);
  CHECK(t.size().rows == 10);
  t.draw({"short"});
  CHECK(pty.written() == erased(5) + "short\r\n"); // 3 + 1 + 1 rows
}

TEST_CASE("a terminal of unknown size counts as 80x24") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty{0, 0};
  const terminal t{pty.out()};
  CHECK(t.size().columns == 80);
  CHECK(t.size().rows == 24);
}

TEST_CASE("NO_COLOR, if it says anything, takes the colours away but not the view") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  {
    const variable no_colour{"NO_COLOR", nullptr};
    CHECK(terminal{pty.out()}.size().colour);
  }
  {
    const variable no_colour{"NO_COLOR", ""};
    CHECK(terminal{pty.out()}.size().colour);
  }
  const variable no_colour{"NO_COLOR", "1"};
  const terminal t{pty.out()};
  CHECK_FALSE(t.size().colour);
  CHECK(t.interactive());
}

TEST_CASE("a dumb terminal, or none, gets messages and no frames") {
  const auto check_plain = [](const channel& c, const std::string& end_of_line) {
    terminal t{c.out()};
    CHECK_FALSE(t.interactive());
    CHECK_FALSE(t.size().colour);
    t.draw({"frame"});
    t.say("news");
    t.close_frame();
    CHECK(c.written() == "news" + end_of_line);
  };
  for (const char* kind : {"dumb", "", static_cast<const char*>(nullptr)}) {
    const variable no_cursor{"TERM", kind};
    check_plain(pseudo_terminal{}, "\r\n");
  }
  const variable kind{"TERM", "xterm"};
  check_plain(pipe_pair{}, "\n");
}

TEST_CASE("a message is one write, whatever its lines") {
  // A packet socket keeps the bounds of writes.
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
  terminal t{ends[1]};
  t.say("one message\nof two lines");
  char packet[256];
  const auto n = read(ends[0], packet, sizeof packet);
  CHECK(std::string(packet, static_cast<std::size_t>(n)) == "one message\nof two lines\n");
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("messages and frames from several threads never mix") {
  const variable kind{"TERM", "xterm"};
  const pseudo_terminal pty;
  terminal t{pty.out()};
  t.draw({"[frame]"});
  pty.written();
  std::string all;
  {
    std::jthread talker{[&] {
      for (int i = 0; i < 20; ++i)
        t.say("[message]");
    }};
    std::jthread drawer{[&] {
      for (int i = 0; i < 20; ++i)
        t.draw({"[frame]"});
    }};
  }
  all = pty.written();
  std::size_t frames = 0, messages = 0;
  const std::string erase = erased(1), frame = "[frame]\r\n", message = "[message]\r\n";
  while (!all.empty()) {
    REQUIRE(all.starts_with(erase));
    all.erase(0, erase.size());
    if (all.starts_with(message)) {
      ++messages;
      all.erase(0, message.size());
    }
    REQUIRE(all.starts_with(frame));
    ++frames;
    all.erase(0, frame.size());
  }
  CHECK(messages == 20);
  CHECK(frames == 40);
}

TEST_CASE("what cannot be written is lost, and nothing else happens") {
  const int full = open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  terminal t{full};
  t.say("lost");
  close(full);
}
