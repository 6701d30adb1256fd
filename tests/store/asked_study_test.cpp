#include "store/asked_study.hpp"
#include "store/store_kit.hpp"
#include "store/stored_study.hpp"
#include "store/study_parts.hpp"
#include "store/study_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

using namespace troupe;
using store_kit::contains;
using store_kit::message_of;
namespace fs = std::filesystem;

namespace {

study two_samples(const std::string& more = {}) {
  const std::string samples = more.find("num_samples") == more.npos ? R"(, "num_samples": 2)" : "";
  return parse_study(R"({"metric": "loss", "space": {"x": {"uniform": [0, 1]}})" + samples +
                         (more.empty() ? "" : ", " + more) + "}",
                     "s.json");
}

asked_study::trial asked(const fs::path& folder, const study& s,
                         const std::optional<std::string>& client = {}) {
  const auto answer = asked_study{folder, s}.ask(client);
  REQUIRE(std::holds_alternative<asked_study::trial>(answer));
  return std::get<asked_study::trial>(answer);
}

template <class Kind>
bool answers(const fs::path& folder, const study& s) {
  return std::holds_alternative<Kind>(asked_study{folder, s}.ask({}));
}

template <class Action>
std::string complaint(const Action& f) {
  return message_of<std::invalid_argument>(f);
}

} // namespace

TEST_CASE("trials are asked for and told of, each time by another process") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples();
  const auto first = asked(folder, s);
  const auto second = asked(folder, s);
  CHECK(first.number == 0);
  CHECK(second.number == 1);
  CHECK(first.params == sample(s.space, s.seed, 0));
  CHECK(answers<exhausted>(folder, s));
  asked_study{folder}.tell(1, {0.5});
  asked_study{folder}.tell(0, {0.25});
  CHECK(answers<exhausted>(folder, s));
  CHECK(fs::exists(folder / "summary.json"));
  CHECK(complaint([&] { asked_study{folder}.tell(0, {1}); }) ==
        "trial 00000 does not run: it is completed");
}

TEST_CASE("a client gets its open trial again, others get their own") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples();
  CHECK(asked(folder, s, "anna").number == 0);
  CHECK(asked(folder, s, "anna").number == 0);
  CHECK(asked(folder, s, "bert").number == 1);
  CHECK(asked(folder, s, "anna").params == sample(s.space, s.seed, 0));
}

TEST_CASE("a trial may report on the way, and is told what to do") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples(
      R"("scheduler": {"name": "asha", "max_t": 9, "reduction_factor": 2}, "num_samples": 8)");
  std::set<verdict> seen;
  for (trial_number n = 0; n < 8; ++n) {
    CHECK(asked(folder, s).number == n);
    const auto told = asked_study{folder}.tell_step(n, {1.0 + n}, 1);
    seen.insert(told.verdict);
    CHECK(told.reason.empty() == (told.verdict == verdict::proceed));
    if (told.verdict == verdict::stop)
      CHECK(complaint([&] { asked_study{folder}.tell_step(n, {1}, 2); }) ==
            "trial " + trial_id(n) + " does not run: it is stopped");
  }
  CHECK(seen == std::set{verdict::proceed, verdict::stop});
}

TEST_CASE("steps only grow, and need not be without gaps") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples();
  asked(folder, s);
  asked_study{folder}.tell_step(0, {1}, 10);
  CHECK(complaint([&] { asked_study{folder}.tell_step(0, {1}, 10); }) ==
        "trial 00000 has reported step 10 already; --step must be above 10, found 10");
  asked_study{folder}.tell_step(0, {1}, 20);
  asked_study{folder}.tell(0, {0.5});
}

TEST_CASE("a trial told to pause is asked for again, and goes on where it was") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples(R"("scheduler": {"name": "hyperband", "max_t": 9}, "num_samples": 9)");
  std::set<trial_number> paused;
  for (int i = 0; i < 200; ++i) {
    const auto answer = asked_study{folder, s}.ask({});
    if (std::holds_alternative<exhausted>(answer)) break;
    REQUIRE(std::holds_alternative<asked_study::trial>(answer));
    const auto& t = std::get<asked_study::trial>(answer);
    if (t.from_iteration > 0) CHECK(paused.contains(t.number));
    for (int step = t.from_iteration + 1;; ++step) {
      const auto told = asked_study{folder}.tell_step(t.number, {1.0 / (step + t.number)}, step);
      if (told.verdict == verdict::pause) paused.insert(t.number);
      if (told.verdict != verdict::proceed) break;
    }
  }
  CHECK_FALSE(paused.empty());
  CHECK(answers<exhausted>(folder, s));
}

TEST_CASE("a failed trial is tried again as often as the study allows") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples(R"("max_failures": 1)");
  asked(folder, s);
  CHECK(asked_study{folder}.fail(0, "out of luck"));
  CHECK(asked(folder, s).number == 0);
  CHECK(asked(folder, s).number == 1);
  CHECK(answers<not_now>(folder, s));
  CHECK_FALSE(asked_study{folder}.fail(0, "again"));
}

TEST_CASE("what is told must fit the study") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = parse_study(R"({"metric": ["a", "b"], "mode": ["min", "max"],
                                 "constraints": "c", "space": {"x": {"uniform": [0, 1]}}})",
                             "s.json");
  asked(folder, s);
  CHECK(complaint([&] { asked_study{folder}.tell(0, {1}); }) ==
        "the study wants 3 values, for a, b, c; found 1");
  CHECK(complaint([&] {
          asked_study{folder}.tell(7, {1, 2, 3});
        }) == "there is no trial 00007; the study has 1");
  asked_study{folder}.tell(0, {1, 2, 3});
}

TEST_CASE("a folder keeps the study that it began with, and has more samples only if told so") {
  const temp_dir parent;
  const auto folder = parent / "study";
  asked(folder, two_samples());
  auto other = two_samples();
  other.num_samples = 1;
  asked(folder, other);
  CHECK(answers<exhausted>(folder, two_samples()));
  other.num_samples = 3;
  CHECK(answers<exhausted>(folder, other));
  const auto answer = asked_study{folder, other, asked_total::as_asked}.ask({});
  CHECK(std::get<asked_study::trial>(answer).number == 2);
  CHECK(answers<exhausted>(folder, other));
  CHECK(complaint([&] { asked_study(folder, two_samples(R"("seed": 4)")); }).find("another seed") !=
        std::string::npos);
  CHECK(message_of<folder_error>([&] { asked_study{folder / "nowhere"}; }).find("holds no study") !=
        std::string::npos);
}

TEST_CASE("nobody asks for, or tells of, the trials of a study that trains them itself") {
  temp_dir folder;
  const auto root = folder / "run";
  auto s = two_samples();
  {
    const auto writer = study_writer::begin(std::make_unique<study_folder>(root), s);
    study_machine machine{s, [&](const event_ptr& e) { writer->write(e); }};
    machine.begin(1);
    machine.add({{"x", 0.5}}, 0, 2);
    machine.start(0, {1, 1, 0, 0, {}}, 3);
    writer->commit();
  }
  const auto said = message_of<folder_error>([&] { asked_study{root}; });
  CHECK(contains(said, "holds a study of `troupe run`"));
  CHECK(message_of<folder_error>([&] {
          asked_study{root, read_study(root / "study.json")};
        }) == said);
}

TEST_CASE("a study that goes on beyond its end has no summary until it ends again") {
  temp_dir folder;
  const auto root = folder / "study";
  auto s = two_samples();
  s.num_samples = 1;
  const auto summary = study_layout{root}.summary();
  asked_study{root, s}.ask({});
  asked_study{root}.tell(0, {0.5});
  CHECK(fs::exists(summary));
  s.num_samples = 2;
  asked_study{root, s, asked_total::as_asked}.ask({});
  CHECK_FALSE(fs::exists(summary));
  asked_study{root}.tell(1, {0.5});
  CHECK(fs::exists(summary));
}

TEST_CASE("asking one by one suggests what a searcher would that was never away") {
  const temp_dir parent;
  const auto folder = parent / "study";
  const auto s = two_samples(R"("searcher": {"name": "tpe"}, "num_samples": 30)");
  const auto live = make_searcher(s);
  for (trial_number n = 0; n < 30; ++n) {
    const auto t = asked(folder, s);
    CHECK(t.params == std::get<config>(live->suggest(n)));
    const double loss = std::abs(param<double>(t.params, "x") - 0.3);
    asked_study{folder}.tell(n, {loss});
    live->observe(n, 1, loss);
    live->complete(n, loss);
  }
}

TEST_CASE("what a later ask says otherwise holds if it may change, and is named if it stays") {
  const temp_dir parent;
  const auto folder = parent / "study";
  (void)asked(folder, two_samples());
  const auto later = [&](const std::string& more) {
    return asked_study{folder, two_samples(more)}.kept_keys();
  };
  using keys = std::vector<std::string>;
  CHECK(asked_study{folder}.kept_keys().empty());
  CHECK(later("").empty());
  CHECK(later(R"("num_samples": 3, "max_concurrent": 2, "resources": {"cpu": 3})").empty());
  CHECK(later(R"("durability": "off", "name": "other")") == keys{"name", "durability"});
  CHECK(later(R"("fail_fast": true, "keep": {"best": 3}, "time_budget_s": 9, "trainable":
                {"name": "net"}, "cpus": 1, "trial_files": false)") ==
        keys{"trainable", "cpus", "time_budget_s", "fail_fast", "keep", "trial_files"});
  CHECK(contains(
      complaint([&] { later(R"("stoppers": [{"name": "maximum_iteration", "max_iter": 1}])"); }),
      "holds a study with another stoppers"));
  CHECK(read_study(folder / "study.json").name == "s"); // as the first one had it
  CHECK(asked(folder, two_samples(R"("num_samples": 3)")).number == 1);
}

TEST_CASE("a study that a program has put together goes on, whatever defaults it leaves out") {
  const temp_dir parent;
  const auto folder = parent / "study";
  study s;
  s.name = "put together";
  s.metric = "loss";
  s.num_samples = 3;
  s.space.add("x", uniform{0, 1});
  s.searcher.name = "tpe";
  s.scheduler.name = "asha";
  CHECK(asked(folder, s).number == 0);
  CHECK(asked(folder, s).number == 1);
  const study_layout layout{folder};
  CHECK_NOTHROW(refuse_another(stored_study(layout), s, layout));
  CHECK(std::holds_alternative<asked_study::trial>(asked_study{folder}.ask({})));
  s.searcher.name = "sobol";
  CHECK(contains(complaint([&] { asked_study{folder, s}; }), "another searcher"));
}
