#include "base/json.hpp"

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
    if (coin()) s.searcher.options = {{"avoid_duplicates", true}};
    if (coin()) {
      const auto brackets = 1 + random_.below(3);
      s.scheduler = {"asha", boost::json::object{
                                 {"time_attr", "epoch"},
                                 {"max_t", 1 + random_.below(99)},
                                 {"grace_period", random_.uniform() + 0.001},
                                 {"reduction_factor", 1.5 + random_.uniform()},
                                 {"brackets", brackets},
                                 {"stop_last_trials", coin()},
                                 {"variant", brackets == 1 && coin() ? "promotion" : "stopping"}}};
    } else if (coin()) {
      s.further_objectives = {{"speed", direction::max}, {"size", direction::min}};
    }
    if (coin()) s.constraints = {"memory"};
    s.num_samples = 1 + (random_() >> random_.below(64));
    s.constant_grid_search = coin();
    if (coin()) s.points_to_evaluate = {sample(s.space, random_(), 0), {}};
    s.per_trial = {random_.uniform(), static_cast<double>(random_.below(3)), amount()};
    if (coin()) s.max_concurrent = 1 + random_.below(9);
    if (coin()) s.cpus = 1 + random_.uniform();
    if (coin()) s.gpus = 2;
    if (coin()) s.time_budget_s = std::min(number(), 1e9);
    if (coin()) s.time_limit_s = std::min(number(), 1e9);
    if (coin()) s.progress_limit_s = std::min(number(), 1e9);
    if (coin()) s.stop.push_back({"loss", stop_rule::side::at_most, -number()});
    if (coin()) s.stop.push_back({"loss", stop_rule::side::at_least, number()});
    s.max_failures = static_cast<std::uint32_t>(random_());
    s.fail_fast = coin();
    s.keep_best = static_cast<std::uint32_t>(random_.below(5));
    s.keep_last = static_cast<std::uint32_t>(random_.below(5));
    s.seed = random_();
    if (coin()) s.trial_files = coin();
    if (coin()) s.keep_by = objective{"size", direction::max};
    if (coin()) s.trial_name = "trial {TROUPE_TRIAL}";
    if (coin()) {
      s.custom = {{"license", 1e9}, {"seat", random_.uniform()}};
      s.per_trial.custom = {{"license", amount()}, {"seat", 0}};
      s.per_config = {{"seat", {"1 / 2"}}};
    }
    s.durability = coin() ? durability::sync : coin() ? durability::group : durability::off;
    return s;
  }

private:
  bool coin() { return random_.below(2) == 0; }
  /// Of a resource.
  double amount() {
    const double x = std::min(number(), 1e9);
    return x < 1e-4 ? 0 : x;
  }
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
    const auto step = 1 + static_cast<std::int64_t>(random_.below(9));
    switch (random_.below(16)) {
    case 5:
      space.add(path, quniform{-3 * low, 5 * low, low});
      break;
    case 6:
      space.add(path, qloguniform{2 * low, 5 * low, low});
      break;
    case 7:
      space.add(path, coin() ? domain{randn{-low, low}} : domain{qrandn{low, low, number()}});
      break;
    case 8:
      space.add(path, qrandint{whole, whole + 9, step});
      break;
    case 9:
      space.add(path, lograndint{step, step + 5});
      break;
    case 10:
      space.add(path, qlograndint{step, 3 * step, step});
      break;
    case 11:
      space.add(path, float_range{low, 3 * low, {}, coin()});
      break;
    case 12:
      space.add(path, float_range{-low, low, low / 3});
      break;
    case 13:
      space.add(path, coin() ? int_range{whole, whole + 9, step} : int_range{1, step, 1, true});
      break;
    case 14:
      space.add(path, expression{"choice{1, 'a'} -- \xC3\xA9"});
      break;
    case 15:
      space.add(path, choice{{value(2), 5}}, conditions(space, path));
      break;
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

  /// A condition on an earlier parameter, if there is one that can be named.
  std::vector<condition> conditions(const search_space& space, const std::string& path) {
    if (space.entries().empty() || path.ends_with("/0")) return {};
    const auto& other = space.entries()[random_.below(space.entries().size())];
    if (std::holds_alternative<constant>(other.domain)) return {}; // may become part of a list's
    const auto v = sample(space, random_(), 0);
    const auto* found = find(v, other.path);
    if (!found) return {};
    return {{other.path, coin() ? std::vector{*found} : std::vector{*found, *found}}};
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
      REQUIRE(sample(back.space, back.seed, n) == sample(s.space, s.seed, n));
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
  "points_to_evaluate": [],
  "constant_grid_search": false,
  "resources": {"cpu": 1, "gpu": 0, "memory_gb": 0},
  "stop": {},
  "max_failures": 0,
  "fail_fast": false,
  "keep": {"best": 1, "last": 1},
  "seed": 0,
  "durability": "group",
  "trial_files": "auto"
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
  s.time_limit_s = 60;
  s.progress_limit_s = 9.5;
  s.trainable = {"cifar", {{"data", "synthetic"}}};
  const auto text = to_text(to_json(s));
  for (const auto* member : {R"("stop": {"loss": {"<=": 0.5}, "training_iteration": {">=": 10}},)",
                             R"("max_concurrent": 3, "cpus": 2, "gpus": 1, "time_budget_s": 0.5,)",
                             R"("time_limit_s": 60, "progress_limit_s": 9.5,)",
                             R"("trainable": {"name": "cifar", "data": "synthetic"},)"})
    CHECK(text.find(member) != text.npos);
}

TEST_CASE("grids and conditions are written as they were read") {
  for (
      const std::string space : {
          R"({"g": {"grid_search": [1, "a", [2], {"k": 3}]}})",
          R"({"g": {"grid_search": [{"a": 1, "b": {"grid_search": [1.5, 2]}}, {"uniform": [0.5, 1.5]}, )"
          R"([{"const": {"int": 3}}]]}})",
          R"({"k": {"choice": ["a", "b"]}, "x": {"const": 3, "when": {"k": "a"}}, )"
          R"("y": {"expr": "k", "when": {"k": ["a", "b"]}}})",
          R"({"k": {"choice": [[1], [2]]}, "x": {"const": 3, "when": {"k": [[1]]}}})",
      }) {
    const auto s = parse_study(R"({"metric": "loss", "space": )" + space + "}", "s.json");
    CHECK(to_text(to_json(s).at("space")) == space);
  }
}

TEST_CASE("a function's place is written, but cannot be read") {
  auto s = study{};
  s.metric = "loss";
  s.space.add("f",
              sample_from{[](const config&, random_stream&) -> boost::json::value { return 1; }});
  const auto text = to_text(to_json(s));
  CHECK(text.find(R"("space": {"f": {"sample_from": null}})") != text.npos);
  CHECK_THROWS_WITH_AS(parse_study(text, "s.json"), doctest::Contains("unknown primitive"),
                       invalid_study);
}
