#include "study/json.hpp"

#include <troupe/random.hpp>
#include <troupe/study.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

namespace {

/// Makes studies at random that are right.
class study_maker {
public:
  explicit study_maker(std::uint64_t seed) : random_{seed, 0, "studies"} {}

  study make() {
    study s;
    s.name = "study " + std::to_string(random_.below(100));
    if (coin()) s.trainable = {"t", boost::json::object{{"x", value(2)}}};
    const auto parameters = random_.below(6);
    for (std::uint64_t i = 0; i < parameters; ++i)
      add_parameter(s.space, path(i));
    s.metric = coin() ? "loss" : "eval/accuracy";
    s.mode = coin() ? direction::min : direction::max;
    if (coin())
      s.scheduler = {"asha", boost::json::object{{"time_attr", "epoch"},
                                                 {"max_t", 1 + random_.below(99)},
                                                 {"grace_period", random_.uniform() + 0.001},
                                                 {"reduction_factor", 1.5 + random_.uniform()},
                                                 {"brackets", 1 + random_.below(3)},
                                                 {"stop_last_trials", coin()}}};
    s.num_samples = 1 + (random_() >> random_.below(64));
    s.per_trial = {random_.uniform(), static_cast<double>(random_.below(3)), number()};
    if (coin()) s.max_concurrent = 1 + random_.below(9);
    if (coin()) s.cpus = 1 + random_.uniform();
    if (coin()) s.gpus = 2;
    if (coin()) s.time_budget_s = number();
    if (coin()) s.stop.push_back({"loss", stop_rule::side::at_most, -number()});
    if (coin()) s.stop.push_back({"loss", stop_rule::side::at_least, number()});
    s.max_failures = static_cast<std::uint32_t>(random_());
    s.fail_fast = coin();
    s.keep_best = static_cast<std::uint32_t>(random_.below(5));
    s.keep_last = static_cast<std::uint32_t>(random_.below(5));
    s.seed = random_();
    return s;
  }

private:
  bool coin() { return random_.below(2) == 0; }
  double number() { return std::exp(1400 * random_.uniform() - 700); }

  /// A path that goes with those of other `i`s.
  std::string path(std::uint64_t i) {
    const auto n = std::to_string(i);
    switch (random_.below(5)) {
    case 0:
      return "nest/p" + n;
    case 1:
      return "nest/deeper/p" + n;
    case 2:
      return "list" + n + "/0";
    case 3:
      return "word" + n + "/uniform";
    default:
      return "p" + n;
    }
  }

  void add_parameter(search_space& space, const std::string& path) {
    const double low = number();
    const auto whole = static_cast<std::int64_t>(random_()) / 2;
    switch (random_.below(5)) {
    case 0:
      space.add(path, uniform{-low, low});
      break;
    case 1:
      space.add(path, loguniform{low, 2 * low});
      break;
    case 2:
      space.add(path, randint{whole, whole + 1 + static_cast<std::int64_t>(random_.below(9))});
      break;
    case 3:
      space.add(path, choice{{value(2), value(2)}});
      break;
    default:
      space.add(path, constant{value(2)});
    }
  }

  boost::json::value value(int depth) {
    switch (random_.below(depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return coin();
    case 2:
      return static_cast<std::int64_t>(random_());
    case 3:
      return random_();
    case 4:
      return -number();
    case 5:
      return "text \xC3\xA9";
    case 6:
      return boost::json::array{value(depth - 1), value(depth - 1)};
    default:
      return boost::json::object{{coin() ? "uniform" : "a", value(depth - 1)}};
    }
  }

  random_stream random_;
};

} // namespace

TEST_CASE("a study that is written and read again is the same study") {
  auto maker = study_maker{1};
  for (int i = 0; i < 2000; ++i) {
    const auto s = maker.make();
    const auto text = to_text(to_json(s));
    CAPTURE(text);
    const auto back = parse_study(text, "other.json");
    REQUIRE(to_text(to_json(back)) == text);
    for (std::uint64_t n = 0; n < 3; ++n)
      REQUIRE(to_text(sample(back.space, back.seed, n)) == to_text(sample(s.space, s.seed, n)));
    REQUIRE(parse_study(to_pretty_text(to_json(s)), "x").seed == s.seed);
  }
}

TEST_CASE("a study is written with every key") {
  auto s = study{};
  s.metric = "loss";
  s.space.add("lr", loguniform{1e-4, 1e-1});
  CHECK(to_pretty_text(to_json(s)) == R"({
  "name": "study",
  "space": {"lr": {"loguniform": [0.0001, 0.1]}},
  "metric": "loss",
  "mode": "min",
  "searcher": {"name": "random"},
  "scheduler": {"name": "fifo"},
  "num_samples": 1,
  "resources": {"cpu": 1, "gpu": 0, "memory_gb": 0},
  "stop": {},
  "max_failures": 0,
  "fail_fast": false,
  "keep": {"best": 1, "last": 1},
  "seed": 0
}
)");
}

TEST_CASE("stop rules and limits are written so that they need no defaults") {
  auto s = study{};
  s.metric = "loss";
  s.stop = {{"loss", stop_rule::side::at_most, 0.5}, {"training_iteration", {}, 10}};
  s.max_concurrent = 3;
  s.cpus = 2;
  s.gpus = 1;
  s.time_budget_s = 0.5;
  s.trainable = {"cifar", {{"data", "synthetic"}}};
  const auto text = to_text(to_json(s));
  for (const auto* member : {R"("stop": {"loss": {"<=": 0.5}, "training_iteration": {">=": 10}},)",
                             R"("max_concurrent": 3, "cpus": 2, "gpus": 1, "time_budget_s": 0.5,)",
                             R"("trainable": {"name": "cifar", "data": "synthetic"},)"})
    CHECK(text.find(member) != text.npos);
}
