#include "base/json.hpp"
#include "search/recorded_lines.hpp"
#include "search/space/variants.hpp"
#include "study/former_space.hpp"

#include <troupe/searcher.hpp>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace troupe;
namespace json = boost::json;

namespace {

/// Writes a recorded space as a study file's: {"$fn": NAME, "args": ARGS} becomes {NAME: ARGS}.
json::value as_space(const json::value& v) {
  if (const auto* list = v.if_array()) {
    json::array out;
    for (const auto& element : *list)
      out.push_back(as_space(element));
    return out;
  }
  const auto* object = v.if_object();
  if (!object) return v;
  if (const auto* fn = object->if_contains("$fn")) {
    const auto& args = object->at("args").as_array();
    const auto name = std::string_view{fn->as_string()};
    return json::object{{name, name == "choice" ? args[0] : json::value(args)}};
  }
  json::object out;
  for (const auto& member : *object)
    out[member.key()] = as_space(member.value());
  return out;
}

study study_of(const json::value& line) {
  const auto file = json::object{{"metric", "loss"},
                                 {"space", with_escapes(as_space(line.at("space")))},
                                 {"num_samples", line.at("num_samples")},
                                 {"points_to_evaluate", line.at("points_to_evaluate")},
                                 {"constant_grid_search", line.at("constant_grid_search")}};
  return parse_study(to_text(file), "recorded.json");
}

std::set<std::string> random_paths(const json::value& line) {
  std::set<std::string> paths;
  for (const auto& parts : line.at("random_paths").as_array()) {
    std::string path;
    for (const auto& part : parts.as_array())
      path += (path.empty() ? "" : "/") +
              (part.is_string() ? std::string{part.as_string()} : to_text(part));
    paths.insert(path);
  }
  return paths;
}

/// Checks one trial; at the random paths it puts the recorded value, if ours is in the domain.
void check_trial(const study& s, const json::value& recorded, std::uint64_t n,
                 const std::set<std::string>& random) {
  auto v = variants{s.space, s.points_to_evaluate, s.constant_grid_search}.make(s.seed, n);
  std::map<std::string, json::value> evaluated;
  for (auto& [path, value] : v.evaluated) {
    if (random.contains(path)) {
      REQUIRE(contains(*s.space.find(path), value));
      value = *find(recorded.at("config").as_object(), path);
      place(v.config, path, value);
    }
    CHECK(evaluated.emplace(path, value).second);
  }
  REQUIRE(to_text(v.config) == to_text(recorded.at("config")));
  CHECK(tag_of(n, v.evaluated) == std::string_view{recorded.at("tag").as_string()});
  const auto& theirs = recorded.at("evaluated").as_object();
  CHECK(evaluated.size() == theirs.size());
  for (const auto& [path, value] : theirs)
    CHECK(to_text(evaluated[path]) == to_text(value));
}

study grid_study() {
  study s;
  s.metric = "loss";
  s.space.add("b", grid_search{{1, 2, 3}})
      .add("x", uniform{0, 1})
      .add("a", grid_search{{"u", "v"}});
  s.num_samples = 4;
  return s;
}

std::vector<config> all_of(const study& s) {
  const auto searcher = make_searcher(s);
  std::vector<config> all;
  for (trial_number n = 0; n < number_of_trials(s); ++n)
    all.push_back(std::get<config>(searcher->suggest(n)));
  return all;
}

} // namespace

TEST_CASE("grids, samples and points to evaluate give the trials of Ray Tune, in its order") {
  const auto lines = recorded_lines("space_grid");
  CHECK(lines.size() == 19);
  for (const auto& line : lines) {
    CAPTURE(to_text(line.at("space")));
    const auto s = study_of(line);
    const auto& trials = line.at("trials").as_array();
    REQUIRE(number_of_trials(s) == trials.size());
    for (std::size_t n = 0; n < trials.size(); ++n)
      check_trial(s, trials[n], n, random_paths(line));
  }
}

TEST_CASE("what is not in a grid is drawn for each of its points") {
  std::set<double> drawn;
  for (const auto& c : all_of(grid_study()))
    drawn.insert(c.at("x").as_double());
  CHECK(drawn.size() == 24);
}

TEST_CASE("with constant_grid_search it is drawn once per sample") {
  auto s = grid_study();
  s.constant_grid_search = true;
  s.points_to_evaluate = {{{"a", "v"}}};
  const auto all = all_of(s);
  REQUIRE(all.size() == 3 + 3 * 6);
  std::set<double> drawn;
  for (std::size_t n = 0; n < all.size(); ++n) {
    const auto first = n < 3 ? 0 : 3 + (n - 3) / 6 * 6;
    CHECK(all[n].at("x") == all[first].at("x"));
    drawn.insert(all[n].at("x").as_double());
  }
  CHECK(drawn.size() == 4);
}

TEST_CASE("the draws of a grid's trials are those of their numbers") {
  const auto s = grid_study();
  const auto all = all_of(s);
  for (std::size_t n = 0; n < all.size(); ++n) {
    CHECK(to_text(all[n]) == to_text(sample(s.space, s.seed, n)));
    const auto plain = sample(search_space{}.add("x", uniform{0, 1}), s.seed, n);
    CHECK(all[n].at("x") == plain.at("x"));
  }
}

TEST_CASE("a point to evaluate may have values that would never be drawn, and need not have all") {
  auto s = grid_study();
  s.num_samples = 1;
  s.points_to_evaluate = {{{"a", "w"}, {"x", 7}}, {{"b", 9}}};
  const auto all = all_of(s);
  REQUIRE(all.size() == 3 + 2);
  CHECK(to_text(all[0]) == R"({"b": 1, "x": 7, "a": "w"})");
  CHECK(to_text(all[2]) == R"({"b": 3, "x": 7, "a": "w"})");
  CHECK(all[3].at("a") == "u");
  CHECK(all[3].at("b") == 9);
  CHECK(all[4].at("a") == "v");
}

TEST_CASE("a point's value for an absent parameter is left out") {
  study s;
  s.metric = "loss";
  s.space.add("kind", choice{{"a", "b"}}).add("m", uniform{0, 1}, {{"kind", {"b"}}});
  s.points_to_evaluate = {{{"kind", "a"}, {"m", 0.5}}, {{"kind", "b"}, {"m", 0.5}}};
  CHECK(to_text(all_of(s)[0]) == R"({"kind": "a"})");
  CHECK(to_text(all_of(s)[1]) == R"({"kind": "b", "m": 0.5})");
}

TEST_CASE("a point to evaluate that names what is not there is refused") {
  auto s = grid_study();
  s.points_to_evaluate = {{{"c", 1}}};
  CHECK_THROWS_WITH_AS(make_searcher(s), "point to evaluate: c: unknown parameter; known: b, x, a",
                       std::invalid_argument);
}

TEST_CASE("a grid's values may be drawn, and may have grids inside") {
  const auto s = parse_study(R"({"metric": "loss", "num_samples": 50, "space": {
    "g": {"grid_search": [{"uniform": [0, 1]}, {"grid_search": [5, {"grid_search": [6, 7]}]},
                          {"x": [{"grid_search": [1, 2]}, {"randint": [0, 9]}]},
                          {"const": {"uniform": [1]}}]},
    "h": {"grid_search": [0, 1]}}})",
                             "s.json");
  CHECK(number_of_trials(s) == 50 * (1 + 3 + 2 + 1) * 2);
  const auto all = all_of(s);
  std::set<double> drawn;
  for (std::size_t n = 0; n < all.size(); n += 14) {
    drawn.insert(all[n].at("g").as_double());
    CHECK(all[n + 1].at("g") == 5);
    CHECK(all[n + 2].at("g") == 6);
    CHECK(all[n + 3].at("g") == 7);
    CHECK(all[n + 4].at("g").at("x").at(0) == 1);
    CHECK(all[n + 5].at("g").at("x").at(0) == 2);
    CHECK(contains(randint{0, 9}, all[n + 5].at("g").at("x").at(1)));
    CHECK(to_text(all[n + 6].at("g")) == R"({"uniform": [1]})");
    CHECK(all[n + 6].at("h") == 0);
    CHECK(all[n + 7].at("h") == 1);
    CHECK(to_text(all[n + 13]) == R"({"g": {"uniform": [1]}, "h": 1})");
  }
  CHECK(drawn.size() == 50);
}

TEST_CASE("grids inside the values of a slow axis vary faster than a fast one") {
  const auto s = parse_study(R"({"metric": "loss", "space": {"a": {"grid_search": [0, 1]},
    "b": {"grid_search": [{"x": {"grid_search": [2, 3]}}, 4]}}})",
                             "s.json");
  std::string order;
  for (const auto& c : all_of(s))
    order += to_text(c.at("a")) + to_text(c.at("b")) + ' ';
  CHECK(order == R"(0{"x": 2} 0{"x": 3} 1{"x": 2} 1{"x": 3} 04 14 )");
}

TEST_CASE("indices of lists are compared as numbers, names by their bytes") {
  study s;
  s.metric = "loss";
  for (int i = 0; i < 11; ++i)
    s.space.add("l/" + std::to_string(i), grid_search{{0, 1}});
  s.space.add("Z", grid_search{{0, 1}});
  const auto v = variants{s.space, {}, false}.make(0, 2);
  CHECK(to_text(v.config) == R"({"l": [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "Z": 0})");
  CHECK(tag_of(2, v.evaluated).starts_with("2_Z=0,0=1,1=0,2=0,"));
}

TEST_CASE("a tag has no characters that a folder's name could not have") {
  CHECK(tag_of(3, {}) == "3");
  CHECK(tag_of(3, {{"a/lr", 0.00012}, {"a/b", -2.5}}) == "3_b=-2.5000,lr=0.0001");
  CHECK(tag_of(3, {{"x", "a/b c!"}, {"y", nullptr}, {"z", true}}) == "3_x=a_b_c,y=None,z=True");
  CHECK(tag_of(3, {{"x", json::array{0.5, "a b", json::object{{"k", false}}}}}) ==
        "3_x=0_5_a_b_k_False");
  CHECK(tag_of(3, {{"x", "//"}, {"y", json::array{}}}) == "3_x=,y=");
}

TEST_CASE("more trials than can be counted are as many as can be counted") {
  study s;
  s.metric = "loss";
  s.num_samples = 1ULL << 40;
  for (int i = 0; i < 30; ++i)
    s.space.add("p" + std::to_string(i), grid_search{{0, 1}});
  CHECK(number_of_trials(s) == ~0ULL);
  CHECK(sample(s.space, 0, (1ULL << 30) - 1).at("p29") == 1);
}
