#include <troupe/reason_kind.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string_view>

using namespace troupe;

TEST_CASE("every kind of reason has a name of its own, by which it is found again") {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(reason_kind::not_recorded); ++i) {
    const auto kind = static_cast<reason_kind>(i);
    CHECK(reason_kind_from(to_string(kind)) == kind);
    names.insert(to_string(kind));
  }
  CHECK(names.size() == 24);
  CHECK(to_string(reason_kind::none) == "none");
  CHECK(to_string(reason_kind::time_limit) == "time_limit");
  CHECK_FALSE(reason_kind_from("Time_limit"));
  CHECK_FALSE(reason_kind_from(""));
}
