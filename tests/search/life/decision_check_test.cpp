#include "search/course_kit.hpp"
#include "search/delayed_crew.hpp"
#include "search/life/decision_check.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

using namespace troupe;

namespace {

verification checked(const study& s, const std::vector<event_ptr>& journal) {
  decision_check check{s, s, study_machine::keeps_state::checkpoints};
  for (const auto& e : journal)
    check.take(*e);
  return check.found();
}

/// The journal of a study with three slots, where everybody answers when they like; whose process
/// dies now and then.
std::vector<event_ptr> with_delays(const study& s, std::uint64_t seed, bool dies) {
  random_stream outside{seed, 0, "arrivals"};
  std::vector<event_ptr> journal;
  for (std::uint64_t life = 0; life < (dies ? 20 : 1); ++life) {
    delayed_crew crew{s, seed + 1000 * life};
    crew.free = 3;
    if (journal.empty())
      crew.course.begin(0);
    else
      crew.take_over(journal);
    const auto steps = dies ? outside.below(200) : 3000;
    for (std::uint64_t i = 0; i < steps && !crew.ended(); ++i) {
      crew.let_one_train(outside);
      crew.some_answer(outside.below(6));
      const auto any = static_cast<trial_number>(outside.below(40));
      if (outside.below(100) == 0) crew.course.stop(any, "by hand", 0);
      if (outside.below(100) == 0) crew.course.add({{"x", 0.5}}, "somebody", 0);
    }
    journal = crew.journal;
    if (dies)
      journal.resize(journal.size() - outside.below(std::min<std::uint64_t>(8, journal.size())));
    if (crew.ended()) break;
  }
  return journal;
}

} // namespace

TEST_CASE("what is decided again is what was decided, in whatever order answers came") {
  std::ptrdiff_t choices_told = 0;
  for (const bool dies : {false, true})
    for (const auto* p : scheduler_plugins())
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::string scheduler{p->name};
        if (scheduler == "pbt_replay") continue; // wants a policy
        CAPTURE(dies);
        CAPTURE(scheduler);
        CAPTURE(seed);
        const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
        const auto journal = with_delays(s, seed, dies);
        const auto found = checked(s, journal);
        CHECK(found.decisions > 20);
        CHECK(found.differences == 0);
        CHECK(found.first == std::vector<std::string>{});
        choices_told += std::ranges::count_if(journal, [](const auto& e) {
          return std::holds_alternative<event_kind::choice_asked>(e->body);
        });
      }
  CHECK(choices_told > 100);
}
