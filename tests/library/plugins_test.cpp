#include "data/temp_dir.hpp"
#include "store/store_kit.hpp"

#include <troupe/open_results.hpp>
#include <troupe/plugins.hpp>
#include <troupe/run.hpp>
#include <troupe/simulate.hpp>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using store_kit::contains;

namespace {

/// Suggests 0, step, 2 step, …
class ladder final : public searcher {
public:
  explicit ladder(double step) : step_{step} {}
  suggestion suggest(trial_number n) override {
    if (n >= 6) return exhausted{};
    return config{{"x", step_ * n}};
  }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override {}

private:
  double step_;
};

/// Stops what is above a bound; starts trials in their order.
class bounded final : public scheduler {
public:
  explicit bounded(double bound) : bound_{bound} {}
  void added(trial_number n) override { waiting_.push_back(n); }
  decision reported(trial_number, const result& r) override {
    if (r.value <= bound_) return {};
    return {verdict::stop, "bounded: too much"};
  }
  void completed(trial_number, const std::optional<result>&) override {}
  void failed(trial_number) override {}
  void removed(trial_number n) override { std::erase(waiting_, n); }
  std::optional<trial_number> choose() override {
    if (waiting_.empty()) return std::nullopt;
    const auto n = waiting_.front();
    waiting_.pop_front();
    return n;
  }

private:
  double bound_;
  std::deque<trial_number> waiting_;
};

class second_report final : public stopper {
public:
  std::string report(const stopper_report& r) override {
    return r.iteration >= 2 ? "two are enough" : "";
  }
};

void train(trial& t) {
  for (int i = t.iteration(); i < 4; ++i)
    if (!t.report({{"loss", t.param<double>("x") + i}}, checkpoint{{{"state", {}}}})) return;
}

registry known() {
  registry r;
  r.add("rising", train);
  r.add(searcher_plugin{.name = "ladder",
                        .help = "goes up step by step",
                        .options = {{.name = "step", .low = 0, .fallback = 0.5, .help = "how far"}},
                        .make =
                            [](const study&, const boost::json::object& o) {
                              return std::make_unique<ladder>(o.at("step").to_number<double>());
                            },
                        .learns = false});
  r.add(scheduler_plugin{.name = "bounded",
                         .options = {{.name = "bound"}},
                         .make = [](const study&, const boost::json::object& o) {
                           return std::make_unique<bounded>(o.at("bound").to_number<double>());
                         }});
  r.add(
      stopper_plugin{.name = "second_report", .make = [](const study&, const boost::json::object&) {
                       return std::make_unique<second_report>();
                     }});
  return r;
}

constexpr std::string_view file = R"({
  "trainable": {"name": "rising"},
  "space": {"x": {"uniform": [0, 10]}},
  "metric": "loss",
  "num_samples": 6,
  "searcher": {"name": "ladder", "step": 1},
  "scheduler": {"name": "bounded", "bound": 4}
})";

std::string faults_of(std::string text, std::string_view from, std::string_view to,
                      const registry* r = nullptr) {
  text.replace(text.find(from), from.size(), to);
  try {
    parse_study(text, "s.json", {}, r);
  } catch (const invalid_study& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_CASE("a searcher and a scheduler of one's own are named in a study file") {
  const auto r = known();
  const auto s = parse_study(file, "s.json", {}, &r);
  const auto results = run(s, r);
  REQUIRE(results.trials.size() == 6);
  for (const auto& t : results.trials) {
    CHECK(t.config.at("x").to_number<double>() == t.number);
    // x + i <= 4 for as long as it goes on
    CHECK(t.state == (t.number <= 1 ? trial_state::completed : trial_state::stopped));
    if (t.state == trial_state::stopped) CHECK(t.reason == "bounded: too much");
  }
}

TEST_CASE("their options are checked like Troupe's") {
  const auto r = known();
  CHECK(faults_of(std::string{file}, R"("step": 1)", R"("step": -1)") ==
        "s.json:6:34: searcher/step: must be a number of at least 0; found -1");
  CHECK(contains(faults_of(std::string{file}, R"("step": 1)", R"("stop": 1)"),
                 "did you mean \"step\""));
  CHECK(contains(faults_of(std::string{file}, R"(, "bound": 4)", ""), "bound"));
  CHECK(contains(faults_of(std::string{file}, "ladder", "lader"), "did you mean \"ladder\""));
}

TEST_CASE("they go on from a journal, and are simulated") {
  const auto r = known();
  const temp_dir place;
  auto s = parse_study(file, "s.json", {}, &r);
  s.num_samples = 3;
  run(s, r, {.folder = place.path()});
  s.num_samples = 5;
  const auto results = run(s, r, {.folder = place.path(), .resume = true});
  REQUIRE(results.trials.size() == 5);
  CHECK(results.trials[4].config.at("x") == 4.0);
  CHECK(open_results(place.path()).study().scheduler.name == "bounded");

  const auto came =
      simulate(s, 1, [](const config& c, int i) -> std::optional<simulated_iteration> {
        if (i > 4) return std::nullopt;
        return simulated_iteration{{{"loss", param<double>(c, "x") + i - 1}}, 1};
      });
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(came.results.trials[i].iterations == results.trials[i].iterations);
}

TEST_CASE("a stopper of one's own ends trials") {
  const auto r = known();
  auto s = parse_study(file, "s.json", {}, &r);
  s.scheduler = {"fifo", {}};
  s.stoppers = {{"second_report", {}}};
  for (const auto& t : run(s, r).trials) {
    CHECK(t.iterations == 2);
    CHECK(t.reason_kind == reason_kind::stopper);
  }
}

TEST_CASE("a searcher that others wrap may be one's own") {
  const auto r = known();
  auto s = parse_study(file, "s.json", {}, &r);
  s.scheduler = {"fifo", {}};
  s.searcher = {"concurrency_limiter",
                {{"max_concurrent", 1}, {"searcher", {{"name", "ladder"}, {"step", 2}}}}};
  const auto results = run(s, r);
  REQUIRE(results.trials.size() == 6);
  CHECK(results.trials[2].config.at("x") == 4.0);
}

TEST_CASE("what cannot be added is refused") {
  registry r;
  CHECK_THROWS_AS(r.add(searcher_plugin{.name = "tpe"}), std::invalid_argument);
  CHECK_THROWS_AS(r.add(scheduler_plugin{.name = "nothing_to_make_it_with"}),
                  std::invalid_argument);
  CHECK_THROWS_AS(r.add(stopper_plugin{}), std::invalid_argument);
}

TEST_CASE("callbacks are named in a study file, of the program that runs it") {
  auto r = known();
  std::vector<std::string> heard;
  r.add(
      callback_plugin{.name = "notes",
                      .options = {{.name = "mark", .type = parameter::kind::text, .fallback = "+"}},
                      .make = [&](const study&, const boost::json::object& o) {
                        study_callbacks calls;
                        calls.trial_ended = [&, mark = std::string{o.at("mark").as_string()}](
                                                const trial_summary& t) {
                          heard.push_back(mark + trial_id(t.number));
                        };
                        return calls;
                      }});
  auto text = std::string{file};
  text.insert(text.rfind('}'),
              R"(, "max_concurrent": 1, "callbacks": [{"name": "notes", "mark": "!"}])");
  const auto s = parse_study(text, "s.json", {}, &r);
  run(s, r);
  CHECK(heard.size() == 6);
  CHECK(heard.front() == "!00000");
  CHECK(parse_study(boost::json::serialize(to_json(s)), "again").callbacks.size() == 1);

  CHECK(contains(faults_of(text, "\"notes\"", "\"note\"", &r), "did you mean \"notes\""));
  CHECK(contains(faults_of(text, "\"mark\": \"!\"", "\"mark\": 3", &r), "callbacks/0/mark"));
  CHECK(faults_of(text, "\"notes\"", "\"anything\"") == "none"); // another program's
}
