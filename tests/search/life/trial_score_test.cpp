#include "search/life/trial_score.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

namespace {

study judged_by(scope s) {
  study all;
  all.metric = "loss";
  all.scope = s;
  return all;
}

double value_of(const study& s, std::initializer_list<double> reports) {
  trial_score score{s};
  for (const double x : reports)
    score.report(s, {{"loss", x}}, true);
  return score.value();
}

} // namespace

TEST_CASE("reports that are made once more are averaged once") {
  const auto s = judged_by(scope::avg);
  trial_score score{s};
  score.report(s, {{"loss", 1}}, true);
  score.report(s, {{"loss", 9}}, false); // has no checkpoint
  CHECK(score.value() == 5);
  score.retry();
  CHECK(score.value() == 1);
  score.report(s, {{"loss", 3}}, true);
  CHECK(score.value() == 2);
}

TEST_CASE("the best of all reports stays the best, and so does the last the last") {
  for (const auto scope : {scope::all, scope::last}) {
    const auto s = judged_by(scope);
    trial_score score{s};
    score.report(s, {{"loss", 2}}, true);
    score.report(s, {{"loss", 1}}, false);
    score.retry();
    CHECK(score.value() == 1);
  }
}

TEST_CASE("the best report is one that meets the constraints") {
  auto s = judged_by(scope::all);
  s.constraints = {"size"};
  trial_score score{s};
  CHECK_FALSE(score.report(s, {{"loss", 1}, {"size", 2}}, true));
  CHECK_FALSE(score.report(s, {{"loss", 1}}, true));
  CHECK(std::isnan(score.value()));
  CHECK(score.report(s, {{"loss", 3}, {"size", -1}}, true));
  CHECK_FALSE(score.report(s, {{"size", -1}}, true));
  CHECK(score.value() == 3);
  CHECK(value_of(judged_by(scope::last), {1, 4}) == 4);
}
