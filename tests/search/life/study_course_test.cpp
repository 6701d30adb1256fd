#include "search/course_kit.hpp"

using namespace troupe;

TEST_CASE("searchers remember what they suggested before") {
  for (const auto* p : searcher_plugins())
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      if (p->name == "grid" || p->name == "concurrency_limiter" || p->name == "repeater") continue;
      const std::string searcher{p->name};
      CAPTURE(searcher);
      CAPTURE(seed);
      check_taken_over(
          parsed(R"({"name": ")" + searcher + "\"}", R"({"name": "asha", "max_t": 9})"), seed,
          60 + static_cast<int>(seed * 31));
    }
}
