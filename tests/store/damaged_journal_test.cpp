#include "search/life/journal_check.hpp"
#include "search/simulation/recorded_curves.hpp"
#include "store/asked_study.hpp"
#include "store/journal.hpp"
#include "store/study_layout.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

namespace {

study small_study() {
  return parse_study(
      R"({"metric": "loss", "num_samples": 40, "space": {"x": {"uniform": [0, 1]}}})", "s.json");
}

} // namespace

TEST_CASE("a damaged journal is named with its event, and no trial's number fills the memory") {
  temp_dir folder;
  const auto s = small_study();
  const auto root = folder / "study";
  for (int i = 0; i < 3; ++i) {
    const auto asked = asked_study{root, s}.ask({});
    asked_study{root}.tell(std::get<asked_study::trial>(asked).number, {0.5});
  }
  const auto file = study_layout{root}.journal();
  const auto damaged = [&](const std::string& sql) {
    fs::copy_file(file, folder / "whole.db", fs::copy_options::overwrite_existing);
    sqlite::database{file, sqlite::open_mode::write}.execute("UPDATE events SET " + sql);
    const auto said = message_of<journal_error>([&] { asked_study{root}; });
    CHECK(message_of<journal_error>([&] {
            journal_reader reader{file};
            while (reader.next()) {
            }
          }) == said);
    fs::copy_file(folder / "whole.db", file, fs::copy_options::overwrite_existing);
    return said;
  };
  const auto name = file.string();
  CHECK(damaged("trial = 4294967295 WHERE seq = 2") ==
        name + ": event 2: \"trial\" must be 00000; found 4294967295");
  CHECK(damaged("trial = 400000000 WHERE seq = 3") ==
        name + ": event 3: there is no trial 400000000; so far the study has 1");
  CHECK(damaged("trial = -1 WHERE seq = 3") == name + ": event 3: -1 is no trial's number");
  CHECK(damaged("trial = NULL WHERE seq = 3") == name + ": event 3: \"trial\" is missing");
  CHECK(damaged("time_ns = -5 WHERE seq = 3") ==
        name + ": event 3: \"time\" must be after 1970; found -5 ns");
  CHECK(damaged("data = json_set(data, '$[1]', 2147483647) WHERE seq = 3")
            .find(name + ": event 3: \"from_iteration\" must be from 0 to 0") == 0);
  CHECK(damaged("data = '[]' WHERE seq = 3") ==
        name + ": event 3: \"attempt\" must be an integer in range");
  CHECK(damaged("data = '{}' WHERE seq = 3") == name + ": event 3: its data are no array");
  CHECK(damaged("data = json_insert(data, '$[#]', 1, '$[#]', 2) WHERE seq = 3") ==
        name + ": event 3: it has too many fields");
  CHECK(damaged("kind = 99 WHERE seq = 3") == name + ": event 3: kind 99 is not known");
  CHECK_NOTHROW(asked_study{root});
}

TEST_CASE("the greatest step that can be told leaves room for what follows") {
  temp_dir folder;
  const auto s = small_study();
  const auto root = folder / "study";
  const auto n = std::get<asked_study::trial>(asked_study{root, s}.ask({})).number;
  asked_study{root}.tell_step(n, {0.5}, most_iteration);
  asked_study{root}.tell(n, {0.25});
  CHECK_NOTHROW(asked_study{root});
  journal_reader reader{study_layout{root}.journal()};
  const auto curves = recorded_curves{[&] { return reader.next(); }};
  CHECK(curves.size() == 1);
}

TEST_CASE("steps that were left out are no reports of a recorded curve") {
  using namespace event_kind;
  std::vector<event> events{make_event(1, {}, study_started{"s", 1}),
                            make_event(2, 0, trial_added{{}, 1}),
                            make_event(3, 0, trial_started{1, 0, {}}),
                            make_report(4, 0, most_iteration),
                            make_event(5, 0, trial_failed{1, "why", true}),
                            make_event(6, 0, trial_started{2, most_iteration, {}}),
                            make_report(7, 0, most_iteration + 1)};
  journal_check check;
  for (const auto& e : events)
    REQUIRE_NOTHROW(check.take(e));
  std::size_t i = 0;
  const auto curves = recorded_curves{
      [&] { return i < events.size() ? std::optional{events[i++]} : std::nullopt; }};
  CHECK(curves.size() == 1);
}
