#include "base/json.hpp"
#include "search/course_kit.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "store/called_kit.hpp"
#include "store/doctor.hpp"
#include "store/saved_replay.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace troupe;
using namespace called_kit;
namespace fs = std::filesystem;

namespace {

constexpr auto never = std::numeric_limits<std::uint64_t>::max();

/// Lets the same calls be made to a study that saves what it can, and to one that never does.
/// Returns how often the former began with what was saved.
int check_both(const study& s, std::uint64_t seed, int calls) {
  called_study quick{s, 1};
  called_study slow{s, never};
  caller one{seed};
  caller other{seed};
  int taken_up = 0;
  for (int i = 0; i < calls; ++i) {
    CAPTURE(i);
    const auto answer = one.call(quick);
    CHECK(answer == other.call(slow));
    CHECK(other.taken_up == 0);
    taken_up += one.taken_up > 0 ? 1 : 0;
  }
  CHECK(quick.events() == slow.events());
  return taken_up;
}

const std::string fifo = R"({"name": "fifo"})";
const std::string asha = R"({"name": "asha", "max_t": 4, "reduction_factor": 2})";

/// A study that has saved something, and what it is to answer next.
struct saved_study {
  saved_study() : study{study_with(R"({"name": "tpe", "n_startup_trials": 3})", asha), 1} {
    caller some{7};
    for (int i = 0; i < 40; ++i)
      some.call(study);
    REQUIRE(study.telling().taken_up() > 0);
  }

  void execute(const std::string& sql) const {
    sqlite::database db{study.folder() / "study.db", sqlite::open_mode::write};
    db.execute(sql);
  }

  called_study study;
};

} // namespace

TEST_CASE("what was saved of a journal does not change what any scheduler answers") {
  for (const auto& known : known_schedulers()) {
    const std::string name{known.about.name};
    if (name == "pbt_replay") continue; // wants a file
    CAPTURE(name);
    const auto s = study_with(R"({"name": "random"})", scheduler_with_options(name));
    for (std::uint64_t seed = 0; seed < 2; ++seed)
      CHECK(check_both(s, seed, 50) > 5);
  }
}

TEST_CASE("what was saved of a journal does not change what any searcher answers") {
  const std::map<std::string, std::string> options{
      {"bohb", R"(, "num_samples": 8)"},
      {"tpe", R"(, "n_startup_trials": 3)"},
      {"gp", R"(, "n_startup_trials": 3)"},
      {"nsga2", R"(, "population_size": 4)"},
      {"random", R"(, "avoid_duplicates": true)"},
      {"concurrency_limiter", R"(, "max_concurrent": 3, "searcher": {"name": "tpe"})"},
      {"repeater", R"(, "repeat": 2, "searcher": {"name": "tpe", "n_startup_trials": 3})"}};
  for (const auto& known : known_searchers()) {
    const std::string name{known.about.name};
    if (known.needs_finite_space) continue; // there is a test of its own
    CAPTURE(name);
    const auto found = options.find(name);
    const auto s = study_with(
        fmt::format(R"({{"name": "{}"{}}})", name, found == options.end() ? "" : found->second),
        name == "gp" ? fifo : asha);
    CHECK(check_both(s, 3, 50) > 5);
  }
}

TEST_CASE("what was saved of a grid does not change what comes of it") {
  auto s = study_with(R"({"name": "random"})", asha);
  s.searcher.name = "grid";
  s.space = {};
  s.space.add("a", choice{{1, 2, 3}}).add("b", choice{{"x", "y"}});
  CHECK(check_both(s, 1, 50) > 5);
}

TEST_CASE("studies with constraints, several metrics, points and stop rules are saved, too") {
  auto s = study_with(R"({"name": "random"})", fifo);
  s.points_to_evaluate.push_back({{"x", 0.25}});
  s.stop.push_back({"loss", stop_rule::side::at_most, 0.1});
  CHECK(check_both(s, 5, 60) > 5);
}

TEST_CASE("where stoppers remember, nothing is saved") {
  auto s = study_with(R"({"name": "random"})", fifo);
  s.stoppers.push_back({"trial_plateau", {}});
  CHECK(check_both(s, 5, 40) == 0);
}

TEST_CASE("what was saved is taken up whatever num_samples and resources are now") {
  auto s = study_with(R"({"name": "random"})", fifo);
  called_study study{s, 1};
  caller some{1};
  for (int i = 0; i < 20; ++i)
    some.call(study);
  s.num_samples = 100;
  s.per_trial.cpu = 3;
  CHECK(asked_study{study.folder(), s, asked_total::as_asked}.taken_up() > 0);
}

TEST_CASE("what is damaged, cut off or another's is not taken up, and changes nothing") {
  const char* const damages[] = {
      "UPDATE saved_replay SET state = substr(state, 1, length(state) - 1)",
      "UPDATE saved_replay SET state = CAST(substr(state, 1, 40) || x'ff' || substr(state, 42) AS "
      "BLOB)",
      "UPDATE saved_replay SET state = x''",
      "UPDATE saved_replay SET state = x'ffffffffffffffffffffffff'",
      "UPDATE saved_replay SET checksum = checksum + 1",
      "UPDATE saved_replay SET seq = seq + 1",
      "UPDATE saved_replay SET seq = 100000",
      "UPDATE saved_replay SET seq = 0",
      "UPDATE saved_replay SET identity = ''",
      "UPDATE saved_replay SET identity = '0' || identity",
      "DELETE FROM saved_replay",
      "DROP TABLE saved_replay",
      "UPDATE events SET time_ns = time_ns WHERE seq = 2",
      "UPDATE events SET data = data WHERE seq = 3"};
  for (const std::string damage : damages) {
    CAPTURE(damage);
    saved_study sound;
    saved_study damaged;
    damaged.execute(damage);
    {
      auto here = damaged.study.asking();
      CHECK(here.taken_up() == 0);
      auto there = sound.study.asking();
      CHECK(there.taken_up() > 0);
      const auto a = here.ask({});
      const auto b = there.ask({});
      REQUIRE(a.index() == b.index());
      if (const auto* t = std::get_if<asked_study::trial>(&a))
        CHECK(t->params == std::get<asked_study::trial>(b).params);
    }
    CHECK(damaged.study.events() == sound.study.events());
    CHECK(damaged.study.telling().taken_up() > 0); // made anew
  }
}

TEST_CASE("bytes with a true checksum that nobody can have written do no harm") {
  random_stream random{1, 0, "bytes"};
  const saved_study saved;
  const auto file = saved.study.folder() / "study.db";
  const auto as = to_text(boost::json::value(to_json(saved.study.subject())));
  std::optional<saved_replay> whole;
  {
    sqlite::database db{file, sqlite::open_mode::write};
    whole = find_saved_replay(db, as);
  }
  REQUIRE(whole);
  int taken_up = 0;
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    auto altered = *whole;
    const auto at = random.below(altered.bytes.size());
    if (round % 4 == 0)
      altered.bytes.resize(at);
    else
      altered.bytes[at] = static_cast<char>(random.below(256));
    const temp_dir parent;
    const auto folder = parent / "copy";
    fs::copy(saved.study.folder(), folder, fs::copy_options::recursive);
    {
      sqlite::database db{folder / "study.db", sqlite::open_mode::write};
      sqlite::transaction change{db};
      save_replay(db, as, altered);
      change.commit();
    }
    try {
      asked_study study{folder};
      taken_up += study.taken_up() > 0 ? 1 : 0;
      (void)study.ask({});
    } catch (const std::exception&) {
      // What it says cannot be: that is no answer either.
    }
  }
  CHECK(taken_up > 50);
  CHECK(taken_up < 350);
}

TEST_CASE("doctor says when what was saved is damaged, and removes it") {
  saved_study saved;
  const study_layout layout{saved.study.folder()};
  CHECK(examine(layout, false).findings.empty());
  saved.execute("UPDATE saved_replay SET state = substr(state, 2)");
  auto found = examine(layout, false);
  REQUIRE(found.findings.size() == 1);
  CHECK(store_kit::contains(found.findings.front().what, "saved"));
  found.findings.front().repair();
  CHECK(examine(layout, false).findings.empty());
  CHECK(saved.study.telling().taken_up() == 0);
}
