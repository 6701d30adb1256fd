#include "network_kit.hpp"
#include "store/beating_lock.hpp"
#include "store/folder_lock.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <vector>

using namespace store_kit;
using namespace troupe;

namespace {

/// A lock that machines of several names want.
struct wanted_lock {
  temp_dir folder;
  fs::path file = folder / ".lock";
  fs::path next = folder / ".lock.next";
  told_clock clock;

  std::unique_ptr<beating_lock> on(const std::string& host) {
    return std::make_unique<beating_lock>(file, note_on(host));
  }

  /// Tries for so many periods; returns whether that has succeeded.
  bool try_for(beating_lock& lock, int periods) {
    for (int i = 0; i < periods; ++i)
      if (lock.try_take(clock.after(beat_period))) return true;
    return false;
  }
};

constexpr int missed = still_watch::most_missed;

} // namespace

TEST_CASE("a lock with a heartbeat is one process's until it lets go") {
  wanted_lock w;
  auto a = w.on("a");
  REQUIRE(a->try_take(w.clock.now));
  CHECK(a->is_new());
  CHECK(a->is_ours());
  CHECK(contains(read_file(w.file), "\"host\": \"a\""));
  CHECK_FALSE(fs::exists(w.next));
  auto b = w.on("b");
  CHECK_FALSE(b->try_take(w.clock.now));
  a.reset();
  CHECK(read_file(w.file).empty());
  CHECK(b->try_take(w.clock.now));
  CHECK_FALSE(b->is_new());
  CHECK_FALSE(b->is_taken_over());
}

TEST_CASE("a holder that is seen to live keeps its lock, however still it stands") {
  wanted_lock w;
  const auto a = w.on("a");
  REQUIRE(a->try_take(w.clock.now));
  const auto same_machine = w.on("a");
  CHECK_FALSE(w.try_for(*same_machine, 5 * missed));
  CHECK_FALSE(same_machine->is_unsure());
}

TEST_CASE("a holder that beats keeps its lock, and one that stops does not") {
  wanted_lock w;
  const auto a = w.on("a");
  REQUIRE(a->try_take(w.clock.now));
  const auto b = w.on("b");
  for (int i = 0; i < 5 * missed; ++i) {
    CHECK_FALSE(b->try_take(w.clock.after(beat_period / 2)));
    a->beat();
    CHECK_FALSE(b->try_take(w.clock.after(beat_period / 2)));
    CHECK_FALSE(b->is_unsure());
  }
  CHECK(a->is_ours());
  CHECK_FALSE(w.try_for(*b, missed - 1));
  CHECK(b->is_unsure());
  CHECK(w.try_for(*b, 1));
  CHECK(b->is_taken_over());
}

TEST_CASE("a holder that wakes up learns that its lock is gone, and leaves it alone") {
  wanted_lock w;
  auto a = w.on("a");
  REQUIRE(a->try_take(w.clock.now));
  const auto b = w.on("b");
  REQUIRE(w.try_for(*b, missed + 1));
  CHECK_FALSE(a->is_ours());
  const auto said = read_file(w.file);
  a->beat();
  a.reset();
  CHECK(read_file(w.file) == said);
  CHECK(b->is_ours());
}

TEST_CASE("of many that see a holder stand still one takes over") {
  wanted_lock w;
  const auto dead = w.on("dead");
  REQUIRE(dead->try_take(w.clock.now));
  std::vector<std::unique_ptr<beating_lock>> others;
  for (int i = 0; i < 5; ++i)
    others.push_back(w.on("node" + std::to_string(i)));
  int taken = 0;
  for (int look = 0; look <= missed; ++look) {
    w.clock.after(beat_period);
    for (auto& each : others)
      taken += each->try_take(w.clock.now) ? 1 : 0;
  }
  CHECK(taken == 1);
}

TEST_CASE("who died while taking a lock does not keep it from others") {
  wanted_lock w;
  SUBCASE("before it had said who it was") {
    write_file(w.next, "");
  }
  SUBCASE("on another machine") {
    write_file(w.next, to_text(note_on("gone")));
  }
  const auto a = w.on("a");
  CHECK_FALSE(w.try_for(*a, missed));
  CHECK(a->is_unsure());
  CHECK(w.try_for(*a, 2));
  CHECK_FALSE(fs::exists(w.next));
}

TEST_CASE("who died while taking a lock on the same machine is out of the way at once") {
  wanted_lock w;
  auto gone = note_on("a");
  ++gone.beating->started;
  write_file(w.next, to_text(gone));
  const auto a = w.on("a");
  CHECK_FALSE(a->try_take(w.clock.now));
  CHECK(a->try_take(w.clock.now));
}

TEST_CASE("a claim that another has put in place counts") {
  // As when one wakes up that was at it before: it renames what is not its own any more.
  wanted_lock w;
  const auto a = w.on("a");
  write_file(w.file, "");
  REQUIRE(a->try_take(w.clock.now));
  fs::rename(w.file, w.next);
  CHECK_FALSE(a->is_ours());
  fs::rename(w.next, w.file);
  CHECK(a->is_ours());
}

TEST_CASE("who takes the folder for a local one and has locked it is not taken for dead") {
  wanted_lock w;
  auto local = folder_lock::take(w.file);
  REQUIRE(local);
  const auto a = w.on("a");
  CHECK_FALSE(w.try_for(*a, 5 * missed));
  CHECK_FALSE(a->is_unsure());
  local.reset();
  CHECK(w.try_for(*a, 1));
  CHECK_FALSE(folder_lock::take(w.file)); // and the other way round
}

TEST_CASE("whatever order machines act in, never do two of them have a lock") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random{seed};
    wanted_lock w;
    std::vector<std::unique_ptr<beating_lock>> machines(4);
    std::vector<bool> has(4), asleep(4);
    int changes = 0;
    for (int step = 0; step < 400; ++step) {
      const auto n = random() % 4;
      w.clock.after(std::chrono::milliseconds{random() % 1500});
      if (random() % (asleep[n] ? 8 : 60) == 0) asleep[n] = !asleep[n];
      if (asleep[n]) continue;
      if (!machines[n]) machines[n] = w.on("node" + std::to_string(n));
      if (has[n] && !machines[n]->is_ours()) has[n] = false; // as it learns before it shows more
      if (has[n] && random() % 30 != 0) {
        machines[n]->beat();
      } else if (has[n]) {
        machines[n].reset();
        has[n] = false;
      } else if (machines[n]->try_take(w.clock.now)) {
        has[n] = true;
        ++changes;
      }
      int owners = 0;
      for (std::size_t i = 0; i < 4; ++i)
        owners += has[i] && machines[i]->is_ours() ? 1 : 0;
      REQUIRE(owners <= 1);
    }
    CHECK(changes > 1);
  }
}
