#include "base/json.hpp"
#include "base/options.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "study/faults_of.hpp"

#include <troupe/scheduler.hpp>
#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

// What holds for the options of all plugins that a study file can name, by their tables.

using namespace troupe;
namespace json = boost::json;

namespace {

/// Where plugins stand in a study, and how one is made of it without a study file.
struct place {
  std::string key;
  plugin_list plugins;
  void (*make)(study s, const named_options& one);
};

std::vector<place> places() {
  return {{"searcher", searcher_plugins(),
           [](study s, const named_options& one) {
             s.searcher = one;
             make_searcher(s);
           }},
          {"scheduler", scheduler_plugins(),
           [](study s, const named_options& one) {
             s.scheduler = one;
             make_scheduler(s);
           }},
          {"stoppers", stopper_plugins(),
           [](study s, const named_options& one) { make_stopper(one, s); }}};
}

constexpr auto members =
    R"({"metric": "loss", "cpus": 4, "gpus": 0, "space": {"lr": {"choice": [0.1, 0.2]}}})";

/// Returns the faults of a study with this plugin, one a line.
std::string read_fault(const place& at, const plugin& p, const json::object& options) {
  json::object one{{"name", p.name}};
  for (const auto& option : options)
    one.insert(option);
  auto all = parse_json(members).get_object();
  if (at.key == "stoppers")
    all[at.key] = json::array{one};
  else
    all[at.key] = one;
  return faults_of(to_text(json::value(all)));
}

/// Returns why the plugin cannot be made; empty if it can.
std::string made_fault(const place& at, const plugin& p, const json::object& options) {
  try {
    at.make(parse_study(members, ""), {std::string{p.name}, options});
    return {};
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

/// Returns options with which the plugin can be made: those that are needed.
json::object least_options(const plugin& p) {
  json::object options;
  for (const auto& o : p.options)
    if (o.required) options[o.key] = parse_json(o.example);
  std::vector<option_problem> problems;
  read_options(p, options, problems);
  for (const auto& problem : problems)
    if (problem.path.empty()) options[p.options[0].key] = parse_json(p.options[0].example);
  return options;
}

bool is_number(const option& o) {
  return o.type == option_type::whole || o.type == option_type::number;
}

/// Numbers are whole if the option's are.
json::value as_value(const option& o, double x) {
  if (o.type == option_type::whole) return static_cast<std::int64_t>(x);
  return x;
}

std::vector<json::value> ends(const option& o) {
  constexpr double up = std::numeric_limits<double>::infinity();
  const auto& r = o.range;
  return {as_value(o, r.without_low ? std::nextafter(r.low, up) : r.low), as_value(o, r.high)};
}

std::vector<json::value> beyond(const option& o) {
  constexpr double up = std::numeric_limits<double>::infinity();
  const auto& r = o.range;
  if (o.type == option_type::whole)
    return {as_value(o, r.low - 1), as_value(o, r.high + 1), r.low + 0.5};
  std::vector<json::value> all;
  if (r.low != least_number) all.emplace_back(r.without_low ? r.low : std::nextafter(r.low, -up));
  if (r.high != most_number) all.emplace_back(std::nextafter(r.high, up));
  return all;
}

std::vector<json::value> wrong_kinds(const option& o) {
  switch (o.type) {
  case option_type::truth:
    return {1, "true", nullptr};
  case option_type::word:
  case option_type::text:
    return {3, "", true};
  case option_type::nested:
    return {3, json::object{}, json::object{{"name", "nobody"}}};
  case option_type::whole:
  case option_type::number:
    return {"many", json::array{}, true};
  case option_type::formed:
    return {3, "all", true};
  }
  return {};
}

/// Calls `check` with each place, plugin, and options that are right.
template <class Check>
void for_each_plugin(Check check) {
  for (const auto& at : places())
    for (const auto* p : at.plugins) {
      CAPTURE(p->name);
      check(at, *p, least_options(*p));
    }
}

} // namespace

TEST_CASE("every plugin can be made with its defaults and what it needs") {
  for_each_plugin([](const place& at, const plugin& p, const json::object& options) {
    CHECK(read_fault(at, p, options) == "");
    CHECK(made_fault(at, p, options) == "");
  });
}

TEST_CASE("the tables of options are complete: a help, an example where there is no default") {
  for_each_plugin([](const place&, const plugin& p, const json::object&) {
    CHECK_FALSE(p.summary.empty());
    for (const auto& o : p.options) {
      CAPTURE(o.key);
      CHECK_FALSE(o.help.empty());
      if (o.fallback.empty()) CHECK_FALSE(o.example.empty());
      if (o.type == option_type::word) CHECK_FALSE(o.words.empty());
      if (o.type == option_type::nested) CHECK_FALSE(o.inner().empty());
      if (o.type == option_type::formed) REQUIRE(o.form);
      if (o.type == option_type::formed) CHECK_NOTHROW(parse_json(o.form->schema));
      for (const auto text : {o.fallback, o.example, o.instead})
        if (!text.empty()) CHECK_NOTHROW(parse_json(text));
    }
  });
}

TEST_CASE("an option may be at either end of its range, and what is made of it agrees") {
  for_each_plugin([](const place& at, const plugin& p, const json::object& least) {
    auto alone = p;
    alone.check = nullptr;
    for (const auto& o : p.options)
      if (is_number(o))
        for (const auto& end : ends(o)) {
          auto options = least;
          options[o.key] = end;
          CAPTURE(to_text(json::value(options)));
          std::vector<option_problem> problems;
          read_options(alone, options, problems);
          CHECK(problems.empty());
          CHECK(read_fault(at, p, options).empty() == made_fault(at, p, options).empty());
        }
  });
}

TEST_CASE("what is beyond a range, of another kind, unknown or missing is refused by name") {
  int refused = 0;
  for_each_plugin([&](const place& at, const plugin& p, const json::object& least) {
    const auto refuse = [&](const std::string& key, const json::object& options) {
      CAPTURE(to_text(json::value(options)));
      CHECK(read_fault(at, p, options).find("/" + key) != std::string::npos);
      CHECK(made_fault(at, p, options).find(key) != std::string::npos);
      ++refused;
    };
    for (const auto& o : p.options) {
      auto wrong = wrong_kinds(o);
      if (is_number(o))
        for (auto& value : beyond(o))
          wrong.push_back(std::move(value));
      for (const auto& value : wrong) {
        auto options = least;
        options[o.key] = value;
        refuse(std::string{o.key}, options);
      }
      auto without = least;
      without.erase(o.key);
      if (o.required) refuse(std::string{o.key}, without);
    }
    auto more = least;
    more["nonsense"] = 1;
    refuse("nonsense", more);
  });
  CHECK(refused > 500);
}

TEST_CASE("options are written out as they are read, however often") {
  for_each_plugin([](const place&, const plugin& p, const json::object& least) {
    std::vector<option_problem> problems;
    auto options = least;
    for (const auto& o : p.options)
      if (!o.example.empty() && p.check == nullptr) options[o.key] = parse_json(o.example);
    const auto once = read_options(p, options, problems);
    CHECK(to_text(json::value(read_options(p, once, problems))) == to_text(json::value(once)));
    CHECK(problems.empty());
  });
}

TEST_CASE("a study that only a searcher or scheduler can judge is refused before it starts") {
  CHECK(
      faults_of(R"({"metric": "loss", "searcher": {"name": "gp"},
    "space": {"x": {"grid_search": [1, 2]}, "y": {"uniform": [0, 1]}}})") ==
      "s.json:2:15: space/x: searcher \"gp\" does not go through a grid_search; make it a choice, "
      "or take one that does: grid, random");
  CHECK(faults_of(R"({"metric": "loss", "space": {"x": {"grid_search": [1, 2]}},
    "searcher": {"name": "repeater", "repeat": 2, "searcher": {"name": "tpe"}}})")
            .starts_with("s.json:1:30: space/x: searcher \"tpe\" does not go through"));
  CHECK(faults_of(R"({"metric": "loss", "space": {"x": {"grid_search": [1, 2]}},
    "searcher": {"name": "repeater", "repeat": 2, "searcher": {"name": "random"}}})")
            .empty());
  std::string parameters;
  for (int i = 0; i < 3668; ++i)
    parameters += (i > 0 ? ", " : "") + ("\"x" + std::to_string(i)) + R"(": {"uniform": [0, 1]})";
  CHECK(faults_of(R"({"metric": "loss", "searcher": {"name": "sobol"}, "space": {)" + parameters +
                  "}}") ==
        "s.json:1:20: searcher: sobol: the space has 3668 parameters, and the sequence 3667 axes; "
        "use random");
}

TEST_CASE("rungs and brackets without end are refused before a study starts") {
  const auto fault = [](const std::string& scheduler) {
    return faults_with(R"("scheduler": )" + scheduler);
  };
  CHECK(fault(R"({"name": "asha", "brackets": 5000})") ==
        "s.json:1:50: scheduler/brackets: must be a whole number of at most 1000; found 5000");
  for (const std::string name : {"asha", "moasha"})
    CHECK(fault("{\"name\": \"" + name + R"(", "max_t": 1e9, "reduction_factor": 1.0000001})")
              .ends_with("scheduler/reduction_factor: must be larger: 1.0000001 makes more than "
                         "1000 rungs"));
  for (const std::string name : {"hyperband", "bohb"})
    CHECK(fault("{\"name\": \"" + name + R"(", "max_t": 1e9, "reduction_factor": 1.0000001})")
              .ends_with("scheduler/reduction_factor: must be larger: 1.0000001 makes more than "
                         "1000 brackets"));
  CHECK(faults_with(R"("searcher": {"name": "tpe", "n_ei_candidates": 1e8})")
            .find("must be a whole number of at most 100000; found 100000000") !=
        std::string::npos);
}

TEST_CASE("a population may start from a grid, whose searcher learns nothing") {
  constexpr auto population =
      R"("metric": "loss", "space": {"lr": {"grid_search": [0.1, 0.2, 0.4]}},
         "scheduler": {"name": "pbt", "hyperparam_mutations": {"lr": [0.1, 0.2, 0.4]}})";
  for (const std::string searcher : {"random", "grid"}) {
    const auto s = parse_study("{" + std::string{population} + R"(, "searcher": {"name": ")" +
                                   searcher + "\"}}",
                               "s.json");
    const auto suggests = make_searcher(s);
    suggests->suggest(0);
    CHECK(to_text(json::value(std::get<config>(suggests->suggest(1)))) == R"({"lr": 0.2})");
    CHECK(make_scheduler(s));
  }
  CHECK(faults_of("{" + std::string{population} + R"(, "searcher": {"name": "concurrency_limiter",
    "max_concurrent": 2, "searcher": {"name": "random"}}})")
            .empty());
}
