#include "search/life/scoped_value.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using namespace troupe;

namespace {

double comes_to(scope s, std::initializer_list<double> reports, direction mode = direction::min) {
  scoped_value all{s, mode};
  for (const double x : reports)
    all.add(x);
  return all.value();
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("each scope makes something else of a trial's reports") {
  const auto reports = {9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 11.0, 12.0};
  CHECK(comes_to(scope::last, reports) == 12);
  CHECK(comes_to(scope::avg, reports) == doctest::Approx(6.5));
  CHECK(comes_to(scope::last_5_avg, reports) == doctest::Approx(9.6));
  CHECK(comes_to(scope::last_10_avg, reports) == doctest::Approx(6.8));
  CHECK(comes_to(scope::all, reports) == 1);
  CHECK(comes_to(scope::all, reports, direction::max) == 12);
}

TEST_CASE("averages of fewer reports than their window are of all there are") {
  CHECK(comes_to(scope::last_5_avg, {1, 2}) == 1.5);
  CHECK(comes_to(scope::last_10_avg, {3}) == 3);
  for (const auto s : {scope::last, scope::avg, scope::last_5_avg, scope::all})
    CHECK(std::isnan(comes_to(s, {})));
}

TEST_CASE("a report is the one to compare by if it is the last, or the first of the best") {
  scoped_value last{scope::last, direction::min};
  scoped_value best{scope::all, direction::max};
  CHECK(last.add(1));
  CHECK(last.add(2));
  CHECK_FALSE(best.add(not_a_number));
  CHECK(best.add(1));
  CHECK_FALSE(best.add(1));
  CHECK_FALSE(best.add(not_a_number));
  CHECK(best.add(2));
  CHECK(best.value() == 2);
}

TEST_CASE("NaN spoils an average while it is among what is averaged") {
  CHECK(std::isnan(comes_to(scope::avg, {not_a_number, 1})));
  CHECK(std::isnan(comes_to(scope::last_5_avg, {not_a_number, 1, 2})));
  CHECK(comes_to(scope::last_5_avg, {not_a_number, 1, 2, 3, 4, 5}) == 3);
  CHECK(comes_to(scope::all, {3, not_a_number}) == 3);
}

TEST_CASE("scopes are called as in Ray Tune") {
  CHECK(to_string(scope::last_10_avg) == "last-10-avg");
  CHECK(to_string(scope::all) == "all");
}
