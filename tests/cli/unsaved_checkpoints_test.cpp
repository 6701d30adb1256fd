#include "cli/unsaved_checkpoints.hpp"
#include "search/course_kit.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <variant>
#include <vector>

using namespace troupe;

namespace {

study keeping(std::uint32_t best, std::uint32_t last) {
  study s;
  s.keep_best = best;
  s.keep_last = last;
  return s;
}

} // namespace

TEST_CASE("checkpoints wait until they are saved, or are superfluous") {
  unsaved_checkpoints waiting{keeping(1, 1)};
  waiting.reported(0, 0, 0.5);
  waiting.reported(0, 1, 0.7);
  CHECK(waiting.count() == 2);
  waiting.reported(0, 2, 0.6); // 1 is neither the best nor the last any more
  waiting.reported(1, 0, 0.1);
  CHECK(waiting.count() == 3);
  waiting.saved(0, 0);
  waiting.saved(0, 0);
  CHECK(waiting.count() == 2);
  waiting.saved(0, 2);
  waiting.saved(1, 0);
  CHECK(waiting.count() == 0);
}

TEST_CASE("what another trial goes on from waits, too, until one of its own is saved") {
  unsaved_checkpoints waiting{keeping(0, 1)};
  waiting.reported(0, 0, 0.5);
  waiting.taken_over(1, 0, 0);
  waiting.reported(0, 1, 0.4);
  CHECK(waiting.count() == 2);
  waiting.reported(1, 0, 0.3);
  CHECK(waiting.count() == 3);
  waiting.saved(1, 0);
  CHECK(waiting.count() == 1); // the donor's last
}

TEST_CASE("what waits is what a study keeps, whatever happens to its trials") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    auto s = parsed(R"({"name": "random"})", scheduler_with_options("pbt"));
    s.keep_best = static_cast<std::uint32_t>(seed % 3);
    observed_course live{s};
    live.course.begin(0);
    world outside{seed};
    unsaved_checkpoints waiting{s};
    std::size_t seen = 0;
    for (int i = 0; i < 3000 && !live.course.machine().finished(); ++i) {
      outside.step(live.course);
      for (; seen < live.journal.size(); ++seen) {
        const auto& e = *live.journal[seen];
        if (const auto* r = std::get_if<event_kind::trial_reported>(&e.body); r && r->checkpoint)
          waiting.reported(*e.trial, *r->checkpoint, *r->metrics.find("loss"));
        if (const auto* saved = std::get_if<event_kind::checkpoint_saved>(&e.body))
          waiting.saved(*e.trial, saved->checkpoint);
        if (const auto* taken = std::get_if<event_kind::trial_exploited>(&e.body))
          waiting.taken_over(*e.trial, taken->donor, taken->checkpoint);
        if (const auto* over = std::get_if<event_kind::trial_ended>(&e.body))
          waiting.ended(*e.trial, over->state);
      }
      std::vector<std::pair<trial_number, int>> unsaved;
      for (trial_number n = 0; n < live.course.machine().next_number(); ++n)
        for (const int number : live.course.machine().checkpoints_of(n))
          if (!live.course.machine().has_saved(n, number)) unsaved.emplace_back(n, number);
      REQUIRE(waiting.count() == unsaved.size());
      if (unsaved.empty() || outside.random.below(4) == 0) continue;
      const auto [n, number] = unsaved[outside.random.below(unsaved.size())];
      live.course.saved(n, number, outside.now);
    }
  }
}
