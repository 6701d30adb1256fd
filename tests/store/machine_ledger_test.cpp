#include "store/machine_ledger.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace store_kit;
using namespace troupe;

namespace {

machine_holding holding(double cpus) {
  return {::getpid(), "/a", cpus, {0, 1}, {}};
}

std::vector<machine_holding> others_in(const machine_ledger& ledger) {
  std::vector<machine_holding> found;
  const auto lease = ledger.join([&](const auto& others) {
    found = others;
    return std::nullopt;
  });
  CHECK_FALSE(lease);
  return found;
}

std::optional<machine_lease> enter(const machine_ledger& ledger, const machine_holding& h) {
  return ledger.join([&](const auto&) { return std::optional{h}; });
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

} // namespace

TEST_CASE("a ledger tells what others hold, as long as they do") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  CHECK(others_in(ledger).empty());
  {
    const auto one = enter(ledger, holding(1));
    auto two = enter(ledger, holding(0.5));
    auto both = others_in(ledger);
    std::ranges::sort(both, {}, &machine_holding::cpus);
    CHECK(both == std::vector{holding(0.5), holding(1)});
    const auto moved = std::move(two);
    CHECK(others_in(ledger).size() == 2);
    two.reset();
    CHECK(others_in(ledger).size() == 2);
  }
  CHECK(others_in(ledger).empty());
  CHECK(files_in(folder / "ledger") == 1); // the one for joining
}

TEST_CASE("a ledger is for one user alone") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  const auto lease = enter(ledger, holding(1));
  struct stat found = {};
  REQUIRE(::stat((folder / "ledger").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0700);
  for (const auto& entry : fs::directory_iterator{folder / "ledger"})
    CHECK(fs::status(entry).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("what a killed process held is free, and its file goes") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  child_process child{[&](int pipe) {
    const auto lease = enter(ledger, holding(2));
    say(pipe, 1);
    ::pause();
  }};
  REQUIRE(child.heard());
  const auto held = others_in(ledger);
  REQUIRE(held.size() == 1);
  CHECK(held[0].cpus == 2);
  child.kill();
  child.wait();
  CHECK(files_in(folder / "ledger") == 2);
  CHECK(others_in(ledger).empty());
  CHECK(files_in(folder / "ledger") == 1);
}

TEST_CASE("of many processes that join at once, as many as there is room for hold something") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  std::vector<std::unique_ptr<child_process>> children;
  for (int i = 0; i < 12; ++i)
    children.push_back(std::make_unique<child_process>([&](int pipe) {
      const auto lease = ledger.join([](const auto& others) {
        return others.size() < 3 ? std::optional{holding(1)} : std::nullopt;
      });
      say(pipe, lease ? 1 : 0);
      ::pause();
    }));
  std::uint64_t holders = 0;
  for (const auto& child : children)
    holders += child->heard().value();
  CHECK(holders == 3);
  CHECK(others_in(ledger).size() == 3);
}

TEST_CASE("processes that come and go all the time never hold more than there is") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  void* shared = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& holders = *::new (shared) std::atomic<int>{0};
  {
    std::vector<std::unique_ptr<child_process>> children;
    for (int i = 0; i < 5; ++i)
      children.push_back(std::make_unique<child_process>([&](int pipe) {
        std::uint64_t too_many = 0;
        for (int joined = 0; joined < 60;) {
          const auto lease = ledger.join([](const auto& others) {
            return others.size() < 2 ? std::optional{holding(1)} : std::nullopt;
          });
          if (!lease) continue;
          ++joined;
          too_many += ++holders > 2;
          std::this_thread::yield();
          --holders;
        }
        say(pipe, too_many);
      }));
    for (const auto& child : children)
      CHECK(child->heard() == 0);
  }
  CHECK(holders == 0);
  CHECK(others_in(ledger).empty());
  ::munmap(shared, sizeof(std::atomic<int>));
}

TEST_CASE("a ledger that has been removed is made anew") {
  temp_dir folder;
  const machine_ledger ledger{folder / "ledger"};
  const auto lease = enter(ledger, holding(1));
  fs::remove_all(folder / "ledger");
  CHECK(others_in(ledger).empty());
  const auto again = enter(ledger, holding(1));
  CHECK(others_in(ledger).size() == 1);
}

TEST_CASE("a ledger that is nobody's or everybody's is refused, with what is wrong") {
  temp_dir folder;
  const auto refusal = [&](const fs::path& path) {
    return message_of<ledger_error>([&] { const machine_ledger refused{path}; });
  };
  CHECK(contains(refusal(folder / "a/b"), "a/b cannot be made: No such file or directory"));
  fs::create_directory(folder / "open");
  fs::permissions(folder / "open", fs::perms::owner_all | fs::perms::group_read);
  CHECK(contains(refusal(folder / "open"), "open is open to others; close it with chmod 700"));
  fs::create_directory_symlink(folder / "open", folder / "link");
  CHECK(contains(refusal(folder / "link"), "link is a link, or no folder"));
}
