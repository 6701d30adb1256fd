#include "search/course_kit.hpp"
#include "search/delayed_crew.hpp"
#include "search/life/journal_check.hpp"

using namespace troupe;

TEST_CASE(
    "a configuration that is enqueued is one of the trials that there were to be, if one is left") {
  auto s = parsed(R"({"name": "random"})", R"({"name": "fifo"})");
  s.num_samples = 3;
  delayed_crew crew{s, 1};
  auto& course = crew.course;
  using addition = study_course::addition;
  course.begin(0);
  CHECK(course.add({{"x", 0.5}}, "somebody", 0, addition::within) == trial_number{0});
  crew.settle();
  CHECK(course.machine().total() == 3);
  while (course.machine().next_number() < 3)
    CHECK(course.add({{"x", 0.25}}, "somebody", 0, addition::within));
  CHECK(course.machine().total() == 3);
  CHECK(course.add({{"x", 0.1}}, "somebody", 0, addition::within) == trial_number{3}); // one more
  CHECK(course.machine().total() == 4);
  CHECK_THROWS_AS(course.add({{"y", 0.1}}, "somebody", 0, addition::within), std::invalid_argument);
  auto limits = limits_of(s);
  limits.num_samples = 5;
  CHECK(course.change_limits(limits, "somebody", 0).empty());
  CHECK(course.machine().total() == 6);
  CHECK(course.add({{"x", 0.1}}, "somebody", 0, addition::within) == trial_number{4});
  CHECK(course.add({{"x", 0.1}}, "somebody", 0) == trial_number{5}); // on top in any case
  CHECK(course.machine().total() == 7);
  journal_check check;
  for (const auto& e : crew.journal)
    CHECK_NOTHROW(check.take(*e));
}

TEST_CASE("what cannot be done to a study is said") {
  auto s = parsed(R"({"name": "random"})", R"({"name": "fifo"})");
  s.num_samples = 2;
  s.max_failures = 0;
  delayed_crew crew{s, 1};
  auto& course = crew.course;
  CHECK(course.pause("somebody", 0) == "the study has not begun");
  course.begin(0);
  crew.settle();
  REQUIRE(crew.running.size() == 1);
  CHECK(course.stop(9, {"by hand"}, 0) == "there is no trial 00009");
  CHECK(course.retry_failed(0, 0) == "trial 00000 has not failed: it is running");
  CHECK(course.retry_failed(9, 0) == "there is no trial 00009");
  crew.running.erase(0);
  course.exited(0, 1, "boom", 0);
  CHECK(course.stop(0, {"by hand"}, 0) == "trial 00000 has ended already: it is failed");
  CHECK(course.retry_failed(0, 0).empty());
  CHECK(course.machine().state_of(0) == trial_state::pending);
  course.wind_up({"Ctrl-C"}, trial_state::interrupted, 0);
  CHECK(course.pause("somebody", 0) == "the study winds up");
  CHECK(course.go_on(0) == "the study winds up");
  crew.settle();
  while (!crew.running.empty()) {
    const auto [n, attempt] = *crew.running.begin();
    crew.running.erase(n);
    course.exited(n, attempt, std::nullopt, 0);
    crew.settle();
  }
  REQUIRE(crew.ended());
  CHECK(course.retry_failed(0, 0) == "the study has ended");
}
