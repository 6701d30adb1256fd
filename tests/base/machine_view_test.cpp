#include "base/machine_view.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace troupe;
using names = std::vector<std::string>;

TEST_CASE("a process may run somewhere, and each CPU is named once") {
  const auto cpus = usable_cpus();
  REQUIRE_FALSE(cpus.empty());
  CHECK(std::ranges::is_sorted(cpus));
  CHECK(std::ranges::adjacent_find(cpus) == cpus.end());
}

TEST_CASE("GPUs have the driver's names, whatever a process calls them") {
  CHECK(names_of_gpus(2, std::nullopt) == names{"0", "1"});
  CHECK(names_of_gpus(2, "3,1") == names{"3", "1"});
  CHECK(names_of_gpus(1, "3,1") == names{"3"});
  CHECK(names_of_gpus(2, " GPU-8932f937 , 2 ") == names{"GPU-8932f937", "2"});
  CHECK(names_of_gpus(3, "5") == names{"5", "1", "2"});
  CHECK(names_of_gpus(0, "").empty());
}
