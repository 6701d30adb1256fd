#include "views/past_events.hpp"
#include "views/thinned.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;
namespace json = boost::json;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Events of a study, one a second.
class told {
public:
  template <class Body>
  void operator()(std::optional<trial_number> n, Body body) {
    ++seq_;
    events.take({seq_, static_cast<std::int64_t>(100 + seq_) * second, n, std::move(body)});
  }

  void start(trial_number n, int attempt = 1) {
    (*this)(n, event_kind::trial_started{attempt, 0, {}, {}});
  }
  void report(trial_number n, int iteration, double loss) {
    (*this)(n, event_kind::trial_reported{iteration, {{"loss", loss}}, {}, 1, 1.0 * iteration});
  }
  void end(trial_number n) { (*this)(n, event_kind::trial_ended{trial_state::completed, {}}); }

  past_events events{"loss", 3};

private:
  std::uint64_t seq_ = 0;
};

} // namespace

TEST_CASE("trials that run side by side have lines of their own, the topmost that is free") {
  told t;
  t({}, event_kind::study_started{"s", 3}); // 0 s
  t.start(0);                               // 1
  t.start(1);                               // 2
  t.end(0);                                 // 3
  t.start(2);                               // 4
  t.end(1);                                 // 5
  CHECK(t.events.spans() == json::array{json::array{0U, 0U, 1.0, 3.0},
                                        json::array{1U, 1U, 2.0, 5.0},
                                        json::array{2U, 0U, 4.0, 5.0}});
  CHECK(t.events.ended() == json::array{3.0, 5.0, 4.0});
}

TEST_CASE("what ran when its process died ran until then") {
  told t;
  t({}, event_kind::study_started{"s", 3});
  t.start(0);
  t.report(0, 1, 0.5); // 2 s
  t({}, event_kind::study_resumed{});
  t.start(0, 2); // 4
  t.end(0);
  CHECK(t.events.spans() ==
        json::array{json::array{0U, 0U, 1.0, 2.0}, json::array{0U, 0U, 4.0, 5.0}});
}

TEST_CASE("a curve is what was reported last, of those that have one") {
  told t;
  t({}, event_kind::study_started{"s", 3});
  t.report(0, 1, 5);
  t.report(0, 2, 4);
  t.report(0, 3, 3);
  t.report(0, 2, 9); // an attempt that began anew
  t.report(0, 3, std::nan(""));
  t.report(1, 1, 1);
  std::size_t left_out = 7;
  const auto curves = t.events.curves({1, 0}, left_out);
  CHECK(left_out == 0);
  CHECK(curves ==
        json::array{json::object{{"trial", 0U}, {"x", {1, 2, 3}}, {"y", {5.0, 9.0, nullptr}}}});
}

TEST_CASE("a list is thinned evenly, with both ends") {
  std::vector<int> all;
  for (int i = 0; i <= 100; ++i)
    all.push_back(i);
  CHECK(thinned(all, 5) == std::vector<int>{0, 25, 50, 75, 100});
  CHECK(thinned(all, 200) == all);
}
