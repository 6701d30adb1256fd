#include "cli/open_trials.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace troupe;

namespace {

/// 2026-03-01T12:00:00Z.
constexpr std::int64_t noon_ns = 1'772'366'400'000'000'000;

event happened(std::uint64_t seq, trial_number n, event_body body) {
  return {seq, noon_ns, n, std::move(body)};
}

} // namespace

TEST_CASE("an open trial is named with who has it, since when, and until when") {
  trial_holders holders;
  CHECK(open_trials_text(holders, "out").empty());
  holders.take(happened(1, 0, event_kind::trial_started{1, 0, {}, "anna"}));
  holders.take(happened(2, 1, event_kind::trial_started{}));
  holders.take(happened(3, 1, event_kind::trial_leased{"3-0", 90}));
  CHECK(open_trials_text(holders, "out") ==
        "  trial 00000: client \"anna\" has it since 2026-03-01 12:00:00 UTC, without a lease; "
        "should it have died: troupe drop out 00000\n"
        "  trial 00001: a client without a name has it since 2026-03-01 12:00:00 UTC, its lease "
        "runs out at 2026-03-01 12:01:30 UTC\n");
}

TEST_CASE("of many open trials the first are named, and the others counted") {
  trial_holders holders;
  for (trial_number n = 0; n < 20; ++n)
    holders.take(happened(n + 1, n, event_kind::trial_started{}));
  const auto lines = [&] {
    const auto text = open_trials_text(holders, "out");
    return std::ranges::count(text, '\n');
  };
  CHECK(lines() == 20);
  for (trial_number n = 20; n < 25; ++n)
    holders.take(happened(n + 1, n, event_kind::trial_started{}));
  CHECK(lines() == 21);
  CHECK(open_trials_text(holders, "out").ends_with("  and 5 more\n"));
}
