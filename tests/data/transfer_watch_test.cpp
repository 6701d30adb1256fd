#include "data/transfer_watch.hpp"
#include "messages.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

/// A transfer of 100 MB, watched at times that the test makes up.
struct watched {
  std::vector<std::string> lines;
  transfer_watch watch{
      {}, 100'000'000, [this](std::string_view line) { lines.emplace_back(line); }};
  transfer_watch::clock::time_point begin{};

  explicit watched(std::uint64_t received = 0) { watch.start(received, begin); }
  void look(std::chrono::seconds at, std::uint64_t received) { watch.look(received, begin + at); }
};

} // namespace

TEST_CASE("progress is told in percent, megabytes and megabytes per second") {
  watched it{40'000'000};
  it.look(4s, 50'000'000);
  REQUIRE(it.lines.size() == 1);
  CHECK(it.lines[0] == "50 % (50.0 of 100.0 MB, 2.5 MB/s)");
}

TEST_CASE("progress is told ever more seldom") {
  watched it;
  for (std::uint64_t second = 1; second <= 3'600; ++second)
    it.look(std::chrono::seconds{second}, second * 10'000);
  CHECK(it.lines.size() > 100);
  CHECK(it.lines.size() < 200);
}

TEST_CASE("less than the least rate throughout the limit is a stall") {
  watched it;
  it.look(29s, 0);
  CHECK_THROWS_AS(it.look(30s, 29'999), transfer_error);
}

TEST_CASE("a slow transfer that keeps the least rate goes on") {
  watched it;
  it.look(30s, 30'000);
  it.look(59s, 30'000);
  CHECK_THROWS_AS(it.look(60s, 30'100), transfer_error);
}

TEST_CASE("a transfer that begins anew is not taken for a stall") {
  watched it{90'000'000};
  it.look(10s, 1'000);
  it.look(39s, 1'100);
  it.look(40s, 60'000);
  CHECK_THROWS_AS(it.look(70s, 60'001), transfer_error);
}
