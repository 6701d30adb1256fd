#include "base/json.hpp"
#include "store/asked_study.hpp"
#include "store/store_kit.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

using namespace troupe;
using namespace store_kit;

namespace {

study make_study(const std::string& more) {
  return parse_study(R"({"metric": "loss", "space": {"x": {"uniform": [0, 1]}}, )" + more + "}",
                     "s.json");
}

/// Reads the journal, which must be consistent; counts the events of one kind.
std::size_t count_kind(const fs::path& folder, std::string_view wanted) {
  journal_reader reader{folder / "study.db"};
  std::size_t n = 0;
  while (const auto e = reader.next())
    n += kind(e->body) == wanted ? 1 : 0;
  return n;
}

/// Lets one trial be asked for and told of.
void ask_and_tell(const fs::path& folder, const study& s) {
  const auto answer = asked_study{folder, s}.ask({});
  asked_study{folder}.tell(std::get<asked_study::trial>(answer).number, {0.5});
}

double wall_s(const fs::path& folder) {
  return parse_json(read_file(folder / "summary.json")).at("wall_s").to_number<double>();
}

} // namespace

TEST_CASE("whatever answers are lost, every trial is trained once, and none has failed") {
  std::mt19937_64 random{11};
  for (const std::string scheduler :
       {R"({"name": "fifo"})", R"({"name": "asha", "max_t": 3})",
        R"({"name": "hyperband", "max_t": 3})", R"({"name": "median"})"}) {
    CAPTURE(scheduler);
    const temp_dir parent;
    const auto folder = parent / "study";
    const auto s = make_study(R"("num_samples": 6, "scheduler": )" + scheduler);
    std::size_t lost = 0;
    std::set<trial_number> begun;
    for (int i = 0; i < 300; ++i) {
      asked_study asking{folder, s};
      const auto answer = asking.ask({});
      if (std::holds_alternative<exhausted>(answer)) break;
      const auto& t = std::get<asked_study::trial>(answer);
      if (random() % 3 == 0) {
        asking.give_back();
        asking.give_back(); // There is nothing more to give back.
        ++lost;
        continue;
      }
      if (t.from_iteration == 0) CHECK(begun.insert(t.number).second);
      for (int step = t.from_iteration + 1; step <= 3; ++step)
        if (asking.tell_step(t.number, {1.0 / (step + t.number)}, step).verdict != verdict::proceed)
          break;
      if (s.scheduler.name == "fifo" || s.scheduler.name == "median") asking.tell(t.number, {0.1});
    }
    CHECK(begun.size() == 6);
    CHECK(lost > 0);
    CHECK(count_kind(folder, "trial_failed") == lost);
    CHECK(count_kind(folder, "study_ended") == 1);
  }
}

TEST_CASE("a study of which nothing could be written down leaves nothing") {
  const temp_dir parent;
  const auto s = make_study(R"("num_samples": 2)");
  { const asked_study never_asked{parent / "new/study", s}; }
  CHECK_FALSE(fs::exists(parent / "new"));
  fs::create_directory(parent / "there");
  { const asked_study never_asked{parent / "there", s}; }
  CHECK(fs::is_empty(parent / "there"));
}

TEST_CASE("a summary that is missing or was cut short is made by the next who comes") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = make_study(R"("num_samples": 1)");
  ask_and_tell(folder, s);
  const auto whole = read_file(folder / "summary.json");
  fs::remove(folder / "summary.json");
  write_file(folder / "summary.json.tmp", whole.substr(0, 20));
  CHECK(std::holds_alternative<exhausted>(asked_study{folder, s}.ask({})));
  CHECK(read_file(folder / "summary.json") == whole);
  CHECK_FALSE(fs::exists(folder / "summary.json.tmp"));
  write_file(folder / "summary.json", "{}");
  { const asked_study looked_at{folder}; }
  CHECK(read_file(folder / "summary.json") == whole);
}

TEST_CASE("a clock that was set back makes no time negative, and takes none away") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = make_study(R"("num_samples": 1)");
  ask_and_tell(folder, s);
  const auto set_times = [&](const std::string& time) {
    sqlite::database{folder / "study.db", sqlite::open_mode::write}.execute(
        "UPDATE events SET time_ns = " + time);
    fs::remove(folder / "summary.json");
    const asked_study looked_at{folder};
  };
  set_times("1000000000000000000 - seq * 1000000000");
  CHECK(wall_s(folder) == 0);
  // Seven seconds between any two events, and an hour back before the fourth.
  set_times("1000000000000000000 + seq * 7000000000 - iif(seq > 3, 3600000000000, 0)");
  const auto events = count_kind(folder, "study_started") + count_kind(folder, "trial_added") +
                      count_kind(folder, "trial_started") + count_kind(folder, "trial_reported") +
                      count_kind(folder, "trial_ended") + count_kind(folder, "study_ended");
  CHECK(wall_s(folder) == doctest::Approx(7.0 * static_cast<double>(events - 2)));
}

TEST_CASE("a damaged study file in the folder is the folder's fault, and named") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = make_study(R"("num_samples": 2)");
  { (void)asked_study{folder, s}.ask({}); }
  for (const std::string content : {"", "{", R"({"metric": 3})"}) {
    write_file(folder / "study.json", content);
    const auto told = message_of<folder_error>([&] { asked_study{folder}; });
    CHECK(contains(told, "study.json"));
    CHECK(contains(told, "is damaged: restore "));
    CHECK(contains(message_of<folder_error>([&] { asked_study(folder, s); }), "is damaged"));
  }
}
