#include "base/json.hpp"
#include "sanitized.hpp"
#include "search/course_kit.hpp"
#include "search/life/journal_check.hpp"
#include "store_kit.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <sys/resource.h>

using namespace store_kit;
using namespace troupe;

namespace json = boost::json;

namespace {

/// The journal of a study to which things happened at random.
std::vector<event> lived(const study& s, std::uint64_t seed, int steps = 300) {
  observed_course live{s};
  live.course.begin(1);
  world outside{seed};
  outside.now = 1;
  for (int i = 0; i < steps && !live.course.machine().finished(); ++i)
    outside.step(live.course);
  if (seed % 3 == 0) live.course.wind_up("enough", trial_state::interrupted, outside.now);
  std::vector<event> events;
  for (const auto& e : live.journal)
    events.push_back(*e);
  return events;
}

std::string problem_of(const std::vector<event>& events) {
  journal_check check;
  for (const auto& e : events)
    try {
      check.take(e);
    } catch (const std::invalid_argument& wrong) {
      return "event " + std::to_string(e.seq) + ": " + wrong.what();
    }
  return {};
}

/// What damage may leave in a field.
json::value awkward(random_stream& random, const json::value& was) {
  const std::vector<json::value> all{nullptr,
                                     true,
                                     0,
                                     -1,
                                     1,
                                     2147483647,
                                     -2147483648,
                                     std::int64_t{4294967295},
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::uint64_t>::max(),
                                     1e300,
                                     "nan",
                                     "inf",
                                     "",
                                     "00000",
                                     "00007",
                                     "400000000",
                                     "4294967295",
                                     "stopped",
                                     "pending",
                                     "pause",
                                     json::array{},
                                     json::array{-1},
                                     json::object{},
                                     json::object{{"x", "y"}},
                                     json::object{{"x", json::array{}}, {"c", 1}}};
  if (was.is_int64() && random.below(2) == 0)
    return was.get_int64() + static_cast<std::int64_t>(random.below(7)) - 3;
  return all[random.below(all.size())];
}

/// Puts something else into one place of an object, perhaps inside of it.
void damage_body(json::object& o, random_stream& random) {
  auto at = o.begin() + static_cast<std::ptrdiff_t>(random.below(o.size()));
  auto* inner = at->value().if_object();
  if (inner && !inner->empty() && random.below(3) != 0) return damage_body(*inner, random);
  at->value() = awkward(random, at->value());
}

/// Takes the events over as `ask` does. Returns whether nothing was wrong with them.
bool is_taken_over(const study& s, const std::vector<event>& events) {
  try {
    journal_check check;
    observed_course restored{s};
    for (const auto& e : events) {
      check.take(e);
      restored.course.restore(e);
    }
    (void)restored.course.machine().results();
  } catch (const std::logic_error&) {
    return false;
  }
  return true;
}

// Sanitizers keep what has been freed for a while.
constexpr long most_kb = sanitized ? 1'000'000 : 100'000;

long peak_rss_kb() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

const std::vector<std::string> searchers{"random", "tpe", "cmaes", "nsga2", "bohb", "gp", "sobol"};

std::string plain_plugin(const std::string& name) {
  return R"({"name": ")" + name + R"("})";
}

} // namespace

TEST_CASE("what a study writes down is a consistent journal") {
  for (const auto& p : known_schedulers()) {
    if (p.about.name == "resource_changing" || p.about.name == "pbt_replay") continue;
    CAPTURE(p.about.name);
    const auto s = parsed(plain_plugin("random"), scheduler_with_options(p.about.name));
    for (std::uint64_t seed = 0; seed < 6; ++seed)
      CHECK(problem_of(lived(s, seed)) == "");
  }
}

TEST_CASE("a journal whose fields are altered is refused or taken over, and nothing else happens") {
  auto random = random_stream{1, 0, "damage"};
  const auto before_kb = peak_rss_kb();
  int refused = 0;
  int rounds = 0;
  const std::vector<std::string> schedulers{"fifo",      "pbt",    "asha",
                                            "hyperband", "median", "optuna_median"};
  for (std::size_t k = 0; k < searchers.size(); ++k) {
    const auto& scheduler = schedulers[k % schedulers.size()];
    CAPTURE(searchers[k]);
    CAPTURE(scheduler);
    const bool learns = searchers[k] != "random" && searchers[k] != "sobol";
    const auto s =
        parsed(plain_plugin(searchers[k]),
               scheduler_with_options(learns && scheduler == "pbt" ? "fifo" : scheduler));
    const auto events = lived(s, k, 60);
    for (std::size_t i = 0; i < events.size(); ++i)
      for (int round = 0; round < 6; ++round) {
        auto text = to_json(events[i]);
        damage_body(text, random);
        ++rounds;
        auto altered = events;
        try {
          altered[i] = event_from_json(text);
        } catch (const std::invalid_argument&) {
          ++refused; // it is no event at all
          continue;
        }
        if (!is_taken_over(s, altered)) ++refused;
      }
  }
  CHECK(refused > rounds / 2);
  CHECK(refused < rounds);
  CHECK(peak_rss_kb() - before_kb < most_kb);
}

TEST_CASE("events that are lost, doubled or exchanged are noticed") {
  const auto s = parsed(plain_plugin("random"), scheduler_with_options("pbt"));
  const auto events = lived(s, 1, 120);
  auto random = random_stream{1, 0, "exchange"};
  const auto renumbered = [](std::vector<event> all) {
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].seq = i + 1;
    return all;
  };
  for (int round = 0; round < 300; ++round) {
    auto altered = events;
    const auto at = static_cast<std::ptrdiff_t>(random.below(events.size()));
    const auto to = static_cast<std::ptrdiff_t>(random.below(events.size()));
    if (round % 3 == 0)
      altered.erase(altered.begin() + at);
    else if (round % 3 == 1)
      altered.insert(altered.begin() + to, altered[static_cast<std::size_t>(at)]);
    else
      std::swap(altered[static_cast<std::size_t>(at)], altered[static_cast<std::size_t>(to)]);
    (void)is_taken_over(s, renumbered(altered)); // whatever it is, nothing breaks
  }
  auto lost = events;
  lost.erase(lost.begin() + 1);
  CHECK(problem_of(renumbered(lost)) != "");
  CHECK(problem_of(lost).find("\"seq\" must be 2; found 3") != std::string::npos);
}

TEST_CASE("what cannot be is said") {
  using namespace event_kind;
  std::vector<event> events;
  const auto with = [&](std::optional<trial_number> n, event_body body) {
    auto longer = events;
    longer.push_back(make_event(events.size() + 1, n, std::move(body)));
    return problem_of(longer);
  };
  const auto go_on = [&](std::optional<trial_number> n, event_body body) {
    events.push_back(make_event(events.size() + 1, n, std::move(body)));
    REQUIRE(problem_of(events) == "");
  };
  CHECK(with(0, trial_added{{}, 0}) == "event 1: a journal begins with \"study_started\"");
  go_on({}, study_started{"s", 3});
  CHECK(with({}, study_started{"s", 3}) == "event 2: \"seq\" must be 1; found 2");
  CHECK(with(4294967295, trial_added{{}, 0}) ==
        "event 2: \"trial\" must be 00000; found 4294967295");
  CHECK(with(0, trial_added{{}, 2}) ==
        "event 2: \"seen\" must be an event before this one; found 2");
  CHECK(with({}, trial_added{}) == "event 2: \"trial\" is missing");
  CHECK(with(0, trial_paused{}) == "event 2: there is no trial 00000; so far the study has 0");
  CHECK(with({}, study_ended{7, ""}) == "event 2: \"best\" must be one of 0 trials; found 00007");
  go_on(0, trial_added{{}, 1});
  CHECK(with(0, trial_reported{1, {}, {}, 0, 0}) ==
        "event 3: trial 00000 does not run: it is pending");
  CHECK(with(0, trial_started{2, 0, {}}) == "event 3: \"attempt\" must be 1; found 2");
  CHECK(with(0, trial_started{1, 2147483647, {}}) ==
        "event 3: \"from_iteration\" must be from 0 to 0; found 2147483647");
  CHECK(with(0, trial_started{1, 0, {1, std::nan(""), 0, 0, {}}}) ==
        "event 3: \"cpu\" must be an amount; found nan");
  CHECK(with(0, trial_started{1, 0, {1, 1, 1, 0, {-1}}}) ==
        "event 3: \"gpus\" must be numbers of devices; found -1");
  CHECK(with(0, trial_exploited{0, 0, 0, 0, {}}) ==
        "event 3: trial 00000 is not paused: it is pending");
  go_on(0, trial_started{1, 0, {1, 1, 0, 0, {}}});
  CHECK(with(0, trial_started{2, 0, {}}) == "event 4: trial 00000 does not wait: it is running");
  CHECK(with(0, trial_reported{0, {}, {}, 0, 0}) ==
        "event 4: \"iteration\" must be from 1 to 2000000000; found 0");
  CHECK(with(0, trial_reported{1, {}, 1, 0, 0}) == "event 4: \"checkpoint\" must be 0; found 1");
  CHECK(with(0, trial_reported{1, {}, {}, INFINITY, 0}) ==
        "event 4: \"iteration_s\" must be a number of seconds; found inf");
  CHECK(with(0, trial_decided{1, verdict::stop, "", trial_state::stopped}) ==
        "event 4: \"iteration\" must be 0; found 1");
  CHECK(with(0, trial_decided{0, verdict::stop, "", trial_state::interrupted}) ==
        "event 4: \"becomes\" must be running, stopped, paused, failed or pending; found "
        "interrupted");
  go_on(0, trial_reported{5, {}, 0, 1, 1});
  go_on(0, trial_decided{5, verdict::pause, "", trial_state::paused});
  CHECK(with(0, trial_exploited{1, 0, 5, 1, {}}) ==
        "event 6: \"donor\" must be one of 1 trials; found 00001");
  CHECK(with(0, trial_exploited{0, 1, 5, 1, {}}) ==
        "event 6: \"checkpoint\" must be from 0 to 0; found 1");
  CHECK(with(0, trial_exploited{0, 0, 6, 1, {}}) == "event 6: \"iteration\" must be 5; found 6");
  go_on(0, trial_exploited{0, 0, 5, 1, {}});
  CHECK(with(0, trial_ended{trial_state::paused, ""}) ==
        "event 7: \"state\" must be completed, stopped, failed or interrupted; found paused");
  go_on(0, trial_paused{5, ""});
  CHECK(with(0, trial_resized{{-1, 0, 0}}) == "event 8: \"cpu\" must be an amount; found -1.0");
  go_on(0, trial_ended{trial_state::stopped, ""});
  CHECK(with(0, trial_ended{trial_state::stopped, ""}) ==
        "event 9: trial 00000 has ended already: it is stopped");
  CHECK(with(0, study_ended{}) == "event 9: \"trial\" must be null; found 00000");
}
