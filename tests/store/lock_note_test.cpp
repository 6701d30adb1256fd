#include "network_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

TEST_CASE("a note of a lock's holder reads back as it was written") {
  auto note = note_on("node \"7\"");
  note.beating->beat = 12;
  const auto text = to_text(note);
  CHECK(text.find('\n') == text.size() - 1);
  const auto read = read_note(text);
  REQUIRE(read);
  CHECK(to_text(*read) == text);
  const auto plain = note_of_this_process();
  CHECK_FALSE(read_note(to_text(plain))->beating);
  CHECK(described(*read_note(to_text(plain))) == described(plain));
}

TEST_CASE("what is no note is none") {
  const auto whole = to_text(note_on("a"));
  for (std::size_t size = 0; size + 2 < whole.size(); ++size)
    CHECK_FALSE(read_note(whole.substr(0, size)));
  for (const auto* text : {"[]", "12", "{\"pid\": \"x\"}", "\xff"})
    CHECK_FALSE(read_note(text));
}

TEST_CASE("a process is seen on its own machine alone") {
  const auto self = note_on("a");
  CHECK(presence_of(note_on("a"), self) == presence::alive);
  CHECK(presence_of(note_on("b"), self) == presence::out_of_sight);
  auto other = note_on("a");
  other.beating->machine += "1"; // another boot, or other numbers for processes
  CHECK(presence_of(other, self) == presence::out_of_sight);
  CHECK(presence_of(note_of_this_process(), self) == presence::out_of_sight);
}

TEST_CASE("a process that has ended is gone, though another has its number now") {
  const auto self = note_on("a");
  auto other = note_on("a");
  ++other.beating->started; // as the one that had this number before
  CHECK(presence_of(other, self) == presence::gone);
  child_process child{[](int) {}};
  other = self;
  other.pid = child.id();
  other.beating->started = 0;
  child.heard(); // it has ended, or is about to
  CHECK(child.wait() == 0);
  CHECK(presence_of(other, self) == presence::gone);
}
