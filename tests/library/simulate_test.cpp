#include <troupe/run.hpp>
#include <troupe/simulate.hpp>

#include <doctest/doctest.h>

#include <stdexcept>

using namespace troupe;

namespace {

study sample() {
  study s;
  s.metric = "loss";
  s.num_samples = 8;
  s.space.add("x", uniform{0, 1});
  return s;
}

std::optional<simulated_iteration> three_reports(const config& c, int iteration) {
  if (iteration > 3) return std::nullopt;
  return simulated_iteration{{{"loss", param<double>(c, "x") / iteration}}, 10};
}

} // namespace

TEST_CASE("a study passes in virtual time as its model says") {
  const auto came = simulate(sample(), 2, three_reports);
  CHECK(came.results.trials.size() == 8);
  CHECK(came.iterations == 24);
  CHECK(came.makespan_s == doctest::Approx(120));
  CHECK(came.idle_share == doctest::Approx(0));
  REQUIRE_FALSE(came.improvements.empty());
  CHECK(came.improvements.back().value ==
        *came.results.trials.at(came.results.best.value()).last.find("loss"));
  CHECK(simulate(sample(), 8, three_reports).makespan_s == doctest::Approx(30));
}

TEST_CASE("its scheduler decides as in a real study") {
  auto s = sample();
  s.num_samples = 27;
  s.scheduler = {"asha", {{"max_t", 3}, {"grace_period", 1}, {"reduction_factor", 3}}};
  const auto came = simulate(s, 1, three_reports);
  CHECK(came.trials_stopped > 9);
  const auto real = run(s,
                        [](trial& t) {
                          for (int i = 1; i <= 3; ++i)
                            if (!t.report(three_reports(t.config(), i)->metrics)) return;
                        },
                        {.device = "cpu"});
  REQUIRE(real.trials.size() == came.results.trials.size());
  for (std::size_t i = 0; i < real.trials.size(); ++i)
    CHECK(real.trials[i].config == came.results.trials[i].config);
}

TEST_CASE("a model may fail, and families have names") {
  const auto fails = [](const config&, int) -> std::optional<simulated_iteration> {
    throw std::runtime_error{"no"};
  };
  for (const auto& t : simulate(sample(), 3, fails).results.trials)
    CHECK(t.state == trial_state::failed);
  CHECK(simulate(sample(), 3, "power").results.trials.size() == 8);
  CHECK_THROWS_AS(simulate(sample(), 3, "nonsense"), std::invalid_argument);
  CHECK_THROWS_AS(simulate(sample(), 0, "power"), std::invalid_argument);
}
