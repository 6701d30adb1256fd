#include "cli/share_text.hpp"

#include <doctest/doctest.h>

using namespace troupe;

namespace {

const machine_view mine{{0, 1}, {"0", "1", "2"}};
const machine_wish all{1, 2, {0, 1, 2}, 1, 3};

machine_holding holding(double cpus, std::vector<std::string> gpus) {
  return {4711, "/results/a", cpus, {0, 1}, std::move(gpus)};
}

std::string held(const machine_wish& wish, const std::vector<machine_holding>& others) {
  return held_text(wish, mine, others);
}

} // namespace

TEST_CASE("it is said who holds what of what is asked for") {
  CHECK(held(all, {}).empty());
  CHECK(held(all, {holding(2, {})}) ==
        "2 of 2 CPUs are held by the study in /results/a (process 4711)");
  CHECK(held(all, {holding(1, {})}) ==
        "1 of 2 CPUs is held by the study in /results/a (process 4711)");
  CHECK(held(all, {holding(0.5, {"0", "2"}), {12, std::nullopt, 0, {}, {"1"}}}) ==
        "0.5 of 2 CPUs and GPUs 0 and 2 are held by the study in /results/a (process 4711), "
        "GPU 1 is held by a study of process 12");
}

TEST_CASE("what is not asked for is not mentioned") {
  CHECK(held({0, 0, {0}, 1, 1}, {holding(2, {"0", "1"})}) ==
        "GPU 0 is held by the study in /results/a (process 4711)");
  CHECK(held({1, 2, {}, 0, 0}, {holding(0, {"0"})}).empty());
}

TEST_CASE("needs and shares are said in words") {
  CHECK(need_text(all, mine) == "1 CPU and 1 GPU");
  CHECK(need_text({0.5, 2, {0, 1, 2}, 2, 3}, mine) == "0.5 CPUs and 2 GPUs");
  CHECK(need_text({0, 0, {1}, 1, 1}, mine) == "GPU 1");
  CHECK(share_text({1.5, {0, 1, 2}}, mine) == "1.5 CPUs and GPUs 0, 1 and 2");
  CHECK(share_text({1, {}}, mine) == "1 CPU");
}
