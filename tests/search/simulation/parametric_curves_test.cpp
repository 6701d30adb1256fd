#include "search/simulation_kit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <stdexcept>
#include <variant>
#include <vector>

using namespace troupe;

namespace {

study over_unit_square(direction mode = direction::min) {
  study s;
  s.metric = "error";
  s.mode = mode;
  s.space.add("rate", uniform{0, 1}).add("size", uniform{0, 1});
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 500});
  return s;
}

/// What a trial with these two parameters reports, up to `epochs`.
std::vector<double> reports(const learning_curve& curve, double rate, double size, int epochs,
                            std::string_view metric = "error") {
  const auto train = curve.begin(0, {{"rate", rate}, {"size", size}});
  training_state state;
  std::vector<double> values;
  for (int i = 0; i < epochs; ++i) {
    const auto step = train->next(state);
    const auto& report = std::get<training_report>(step.outcome);
    values.push_back(*report.metrics.find(metric));
    state = report.after;
  }
  return values;
}

double best_size() {
  return 0.25 + 0.5 * (2 * 0.618034 - 1);
}

/// Noise has the standard deviation 0.02 / sqrt(epoch).
double noise_at(int epoch) {
  return 0.1 / std::sqrt(epoch);
}

} // namespace

TEST_CASE("every family has its least error, 0.05, at the same known point") {
  const auto s = over_unit_square();
  for (const auto& family : curve_families()) {
    CAPTURE(family.name);
    const auto curve = make_parametric_curve(family.name, s);
    const double tail = family.name == "power" ? 0.85 * std::pow(501, -0.64) : 0;
    CHECK(std::abs(reports(*curve, 0.3, best_size(), 500).back() - 0.05 - tail) < noise_at(500));
    CHECK(reports(*curve, 0.5, best_size(), 500).back() > 0.1);
    CHECK(reports(*curve, 0.3, 1, 500).back() > 0.1);
  }
}

TEST_CASE("curves follow their formulas") {
  const auto s = over_unit_square();
  const double q_rate = std::pow(0.2 / 0.7, 2);
  const double half = 0.05 + 0.7 * std::sqrt(q_rate / 2); // with the best size
  for (const int t : {1, 4, 40}) {
    CAPTURE(t);
    const auto at = static_cast<std::size_t>(t) - 1;
    const auto crossing = reports(*make_parametric_curve("crossing", s), 0.5, best_size(), t);
    CHECK(std::abs(crossing[at] - half - (0.9 - half) * std::exp(-0.1 * t)) < noise_at(t));
    const auto power = reports(*make_parametric_curve("power", s), 0.5, best_size(), t);
    CHECK(std::abs(power[at] - half - (0.9 - half) * std::pow(t + 1, -0.8)) < noise_at(t));
    const auto exponential = reports(*make_parametric_curve("exponential", s), 0.5, best_size(), t);
    const double rate = 0.2 - 0.15 * std::sqrt(q_rate / 2);
    CHECK(std::abs(exponential[at] - half - (0.9 - half) * std::exp(-rate * t)) < noise_at(t));
  }
}

TEST_CASE("crossing curves cross: who starts fast ends worse") {
  const auto curve = make_parametric_curve("crossing", over_unit_square());
  const auto slow = reports(*curve, 0.3, best_size(), 81);
  const auto fast = reports(*curve, 0.8, best_size(), 81);
  CHECK(fast[4] < slow[4]);
  CHECK(fast[80] > slow[80]);
}

TEST_CASE("crossing curves diverge where the first parameter is large, the larger the sooner") {
  const auto curve = make_parametric_curve("crossing", over_unit_square());
  const auto first_nan = [&](double rate) {
    const auto values = reports(*curve, rate, 0.5, 30);
    int epoch = 1;
    for (; epoch <= 30 && !std::isnan(values[static_cast<std::size_t>(epoch) - 1]); ++epoch) {
    }
    return epoch;
  };
  CHECK(first_nan(1.0) == 1);
  CHECK(first_nan(0.96) == 9);
  CHECK(first_nan(0.9) == 31);
}

TEST_CASE("noise depends on the seed, the configuration and the epoch alone") {
  auto s = over_unit_square();
  const auto once = reports(*make_parametric_curve("power", s), 0.4, 0.6, 20);
  CHECK(once == reports(*make_parametric_curve("power", s), 0.4, 0.6, 20));
  const auto near = reports(*make_parametric_curve("power", s), 0.4, std::nextafter(0.6, 1), 20);
  s.seed = 1;
  const auto reseeded = reports(*make_parametric_curve("power", s), 0.4, 0.6, 20);
  std::set<double> noises;
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(once[i] != near[i]);
    CHECK(once[i] != reseeded[i]);
    noises.insert(std::round(1e9 * (once[i] - near[i]) * std::sqrt(i + 1.0)));
  }
  CHECK(noises.size() == 20);
}

TEST_CASE("under mode max, what is reported is 1 minus the error") {
  const auto error = reports(*make_parametric_curve("power", over_unit_square()), 0.4, 0.6, 5);
  const auto accuracy =
      reports(*make_parametric_curve("power", over_unit_square(direction::max)), 0.4, 0.6, 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(accuracy[i] == 1 - error[i]);
}

TEST_CASE("an epoch takes 1 to 4 seconds, the more the larger the last parameter") {
  const auto curve = make_parametric_curve("exponential", over_unit_square());
  CHECK(curve->begin(0, {{"rate", 0.9}, {"size", 0.0}})->next({}).takes_ns == 1'000'000'000);
  CHECK(curve->begin(0, {{"rate", 0.9}, {"size", 0.5}})->next({}).takes_ns == 2'500'000'000);
}

TEST_CASE("a space of constants has a curve, and a single parameter has all roles") {
  study s;
  s.metric = "error";
  const auto curve = make_parametric_curve("crossing", s);
  CHECK(curve->begin(0, {})->next({}).takes_ns == 2'500'000'000);
  s.space.add("rate", uniform{0, 1});
  const auto single = make_parametric_curve("crossing", s);
  const double final_error = 0.05 + 0.7 * 0.4 / 0.7;
  const double expected = final_error + (0.9 - final_error) * std::exp(-0.05 * std::pow(4, 0.7));
  CHECK(std::abs(reports(*single, 0.7, 0, 1)[0] - expected) < noise_at(1));
}

TEST_CASE("a trial goes on from another's state with its own configuration") {
  const auto s = over_unit_square();
  for (const auto& family : curve_families()) {
    CAPTURE(family.name);
    const auto curve = make_parametric_curve(family.name, s);
    const auto good = curve->begin(0, {{"rate", 0.3}, {"size", best_size()}});
    const auto bad = curve->begin(1, {{"rate", 0.8}, {"size", 0.0}});
    training_state donated;
    while (donated.iteration < 100)
      donated = std::get<training_report>(good->next(donated).outcome).after;

    const auto after = [&](const training& t) {
      return std::get<training_report>(t.next(donated).outcome).after;
    };
    CHECK(after(*good).iteration == 101);
    CHECK(after(*good).progress >= donated.progress);
    CHECK(after(*bad).progress < donated.progress); // it unlearns, but not all at once
    CHECK(after(*bad).progress > std::get<training_report>(bad->next({}).outcome).after.progress);
  }
}

TEST_CASE("a trial has as many epochs as the stop rule, else max_t, else 100") {
  auto s = simulated_study("asha", R"({"max_t": 27})");
  CHECK(epochs_of(s) == 27);
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 8.5});
  CHECK(epochs_of(s) == 9);
  CHECK(epochs_of(simulated_study("asha", R"({"max_t": 60, "time_attr": "time_total_s"})")) == 100);
  CHECK(epochs_of(simulated_study("fifo")) == 100);

  const auto curve = make_parametric_curve("power", s);
  const auto train = curve->begin(0, {});
  CHECK(std::holds_alternative<training_report>(train->next({8, 0}).outcome));
  CHECK(std::holds_alternative<training_end>(train->next({9, 0}).outcome));
}

TEST_CASE("an unknown family is refused with the names of all") {
  CHECK_THROWS_WITH_AS(make_parametric_curve("linear", study{}),
                       "unknown learning curve \"linear\"; known are crossing, power, exponential",
                       std::invalid_argument);
}

TEST_CASE("a study with several objectives has no curves from formulas") {
  auto s = over_unit_square();
  s.further_objectives.push_back({"seconds"});
  CHECK_THROWS_AS(make_parametric_curve("power", s), std::invalid_argument);
}
