#include "base/json.hpp"

#include <troupe/searcher.hpp>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

study example(const std::string& options = "{}") {
  study s;
  s.metric = "loss";
  s.seed = 5;
  s.searcher = {"tpe", boost::json::parse(options).get_object()};
  s.space.add("lr", loguniform{1e-5, 1e-1})
      .add("model/width", randint{1, 65})
      .add("model/name", choice{{"a", "b", "c"}})
      .add("model/seed", constant{17})
      .add("decay", uniform{0, 1})
      .add("only", choice{{"this"}});
  return s;
}

config suggested(searcher& tpe, trial_number n) {
  return std::get<config>(tpe.suggest(n));
}

/// Least at lr = 0.001, width = 32, name = b, decay = 0.25.
double loss_of(const config& c) {
  return std::pow(std::log10(param<double>(c, "lr")) + 3, 2) +
         std::pow((param<double>(c, "model/width") - 32) / 16, 2) +
         (param<std::string>(c, "model/name") == "b" ? 0 : 1) +
         std::pow(4 * param<double>(c, "decay") - 1, 2);
}

/// Runs trials [first, last) one after the other; returns the mean of their losses.
double run(searcher& tpe, trial_number first, trial_number last) {
  double sum = 0;
  for (trial_number n = first; n < last; ++n) {
    const double loss = loss_of(suggested(tpe, n));
    tpe.observe(n, 1, loss);
    tpe.complete(n, loss);
    sum += loss;
  }
  return sum / (last - first);
}

} // namespace

TEST_CASE("tpe starts with the random searcher's suggestions") {
  const auto s = example(R"({"n_startup_trials": 5})");
  const auto tpe = make_searcher(s);
  for (trial_number n = 0; n < 5; ++n) {
    const auto c = suggested(*tpe, n);
    CHECK(to_text(c) == to_text(sample(s.space, 5, n)));
    tpe->complete(n, loss_of(c));
  }
  CHECK(to_text(suggested(*tpe, 5)) != to_text(sample(s.space, 5, 5)));
}

TEST_CASE("tpe learns where the metric is good, whichever way it gets better") {
  for (const auto& options : {"{}", R"({"multivariate": false})", R"({"group": true})",
                              R"({"bandwidths": "shared", "constant_liar": false})"}) {
    CAPTURE(options);
    const auto tpe = make_searcher(example(options));
    const double at_random = run(*tpe, 0, 10);
    run(*tpe, 10, 60);
    CHECK(run(*tpe, 60, 80) < 0.5 * at_random);
  }
  auto s = example();
  s.mode = direction::max;
  const auto tpe = make_searcher(s);
  const double at_random = run(*tpe, 0, 10);
  run(*tpe, 10, 60);
  CHECK(run(*tpe, 60, 80) > at_random);
}

TEST_CASE("tpe suggests values of the space only, and all of them") {
  const auto s = example();
  const auto tpe = make_searcher(s);
  for (trial_number n = 0; n < 300; ++n) {
    const auto c = suggested(*tpe, n);
    const double lr = param<double>(c, "lr");
    CHECK((1e-5 <= lr && lr <= 1e-1));
    const auto* width = find(c, "model/width");
    REQUIRE(width->is_int64());
    CHECK((1 <= width->get_int64() && width->get_int64() <= 64));
    const auto name = param<std::string>(c, "model/name");
    CHECK((name == "a" || name == "b" || name == "c"));
    CHECK(param<int>(c, "model/seed") == 17);
    CHECK(param<std::string>(c, "only") == "this");
    const double decay = param<double>(c, "decay");
    CHECK((0 <= decay && decay < 1));
    tpe->complete(n, -decay); // drives decay into its bound
  }
}

TEST_CASE("tpe is a function of the seed and the calls so far") {
  const auto tell = [](searcher& tpe) {
    std::string all;
    for (trial_number n = 0; n < 60; ++n) {
      const auto c = suggested(tpe, n);
      all += to_text(c);
      tpe.observe(n, 1, loss_of(c));
      if (n % 7 == 3) tpe.complete(n, std::nullopt);
      if (n % 7 == 4) tpe.stopped(n, loss_of(c));
      if (n % 7 != 3 && n % 7 != 4 && n >= 2) tpe.complete(n - 2, 0.5);
    }
    return all;
  };
  auto s = example();
  const auto once = tell(*make_searcher(s));
  CHECK(tell(*make_searcher(s)) == once);
  s.seed = 6;
  CHECK(tell(*make_searcher(s)) != once);
}

TEST_CASE("tpe goes on without trials that failed, and without news of trials it does not know") {
  const auto s = example();
  const auto tpe = make_searcher(s);
  for (trial_number n = 0; n < 30; ++n) {
    suggested(*tpe, n);
    tpe->complete(n, std::nullopt);
  }
  tpe->observe(77, 1, 0.5);
  tpe->complete(77, 0.5);
  tpe->stopped(78, 0.5);
  CHECK(to_text(suggested(*tpe, 30)) == to_text(sample(s.space, 5, 30)));
}

TEST_CASE("to tpe a trial that was stopped early is worse than any that came to its end") {
  // Where lr is small the loss is less, but no trial comes to its end.
  study s;
  s.metric = "loss";
  s.searcher.name = "tpe";
  s.space.add("lr", uniform{0, 1});
  const auto run_with = [&](auto end_small) {
    const auto tpe = make_searcher(s);
    int large = 0;
    for (trial_number n = 0; n < 100; ++n) {
      const double lr = param<double>(suggested(*tpe, n), "lr");
      tpe->observe(n, 1, lr);
      if (lr < 0.5)
        end_small(*tpe, n, -1);
      else
        tpe->complete(n, std::abs(lr - 0.75));
      if (n >= 50 && lr >= 0.5) ++large;
    }
    return large;
  };
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(run_with([](searcher& t, trial_number n, double v) { t.complete(n, v); }) < 10);
  CHECK(run_with([](searcher& t, trial_number n, double v) { t.stopped(n, v); }) > 40);
  CHECK(run_with([&](searcher& t, trial_number n, double) { t.complete(n, nan); }) > 40);
}

TEST_CASE("tpe refuses options that it cannot work with") {
  const auto problem = [](const std::string& options) -> std::string {
    try {
      make_searcher(example(options));
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "none";
  };
  CHECK(problem(R"({"n_startup_trials": 0, "n_ei_candidates": 1, "prior_weight": 0.5,
                    "consider_magic_clip": false, "consider_endpoints": true})") == "none");
  CHECK(problem(R"({"n_startup_trials": -1})") ==
        "tpe: n_startup_trials: must be a whole number of at least 0; found -1");
  CHECK(problem(R"({"n_ei_candidates": 0})") ==
        "tpe: n_ei_candidates: must be a whole number of at least 1; found 0");
  CHECK(problem(R"({"prior_weight": 0})") ==
        "tpe: prior_weight: must be a number above 0; found 0");
  CHECK(problem(R"({"multivariate": 1})") == "tpe: multivariate: must be true or false; found 1");
  CHECK(problem(R"({"bandwidths": "wide"})") ==
        R"(tpe: bandwidths: must be "neighbours" or "shared"; found the text "wide")");
  CHECK(problem(R"({"multivariate": false, "group": true})") ==
        "tpe: group: needs multivariate to be true: groups are drawn jointly");
  CHECK(problem(R"({"gamma": 1})") ==
        "tpe: gamma: unknown key; known: name, n_startup_trials, n_ei_candidates, group, "
        "constant_liar, prior_weight, consider_magic_clip, consider_endpoints, bandwidths, "
        "multivariate");
}
