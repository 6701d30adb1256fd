#include "search/course_kit.hpp"
#include "search/life/journal_check.hpp"
#include "search/machine_kit.hpp"

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace troupe;

namespace {

constexpr int epochs = 9;

double resumed_loss(trial_number n, int iteration) {
  return random_stream{n, static_cast<std::uint64_t>(iteration), "loss"}.uniform();
}

/// What a study has come to, without what an interruption may change: which attempts there were,
/// and how long they took.
struct facts {
  std::vector<std::string> decisions, added;
};

facts facts_of(const std::vector<event_ptr>& journal) {
  facts found;
  for (const auto& e : journal) {
    auto out = to_json(*e);
    for (const auto* key : {"seq", "time", "seen", "takes", "iteration_s", "total_s", "checkpoint",
                            "attempt", "lease", "from_iteration", "client"})
      out.erase(key);
    const auto name = kind(e->body);
    const auto* ended = std::get_if<event_kind::trial_ended>(&e->body);
    if (name == "trial_added")
      found.added.push_back(to_text(out));
    else if (name == "trial_reported" || name == "trial_decided" || name == "trial_exploited" ||
             (ended && ended->state != trial_state::interrupted))
      found.decisions.push_back(to_text(out));
  }
  return found;
}

/// Compares as far as both go.
void check_same(std::vector<std::string> a, std::vector<std::string> b) {
  const auto common = std::min(a.size(), b.size());
  a.resize(common);
  b.resize(common);
  CHECK(common > 0);
  const auto differ = std::ranges::mismatch(a, b);
  if (differ.in1 != a.end()) CHECK(*differ.in1 == *differ.in2);
}

/// A process that trains one trial after the other, until it dies.
class process {
public:
  explicit process(const study& s) : course_{s} {}

  /// Trains for `steps` steps; returns whether the study has ended before.
  bool train(int steps) {
    auto& course = course_.course;
    course.begin(0);
    while (const auto started = course.place({++leases_, 1, 0, 0, {}}, 0)) {
      const auto [n, order] = *started;
      course.add_trials(0);
      for (int iteration = order.from_iteration + 1; iteration <= epochs; ++iteration) {
        if (--steps < 0) return false;
        known_ = course_.journal.size();
        const auto a =
            course.report(n, order.attempt, {{"loss", resumed_loss(n, iteration)}}, true, 1, 0);
        if (a.verdict != verdict::proceed) break;
      }
      if (--steps < 0) return false;
      known_ = course_.journal.size();
      course.exited(n, order.attempt, std::nullopt, 0);
    }
    course.end(0);
    return true;
  }

  /// Is interrupted, and ends in order.
  void interrupt() {
    auto& course = course_.course;
    course.wind_up("interrupted", trial_state::interrupted, 0);
    const auto running = course.machine().running_trials();
    for (const trial_number n : running)
      course.exited(n, course.machine().attempt_of(n), std::nullopt, 0);
    course.end(0);
    known_ = course_.journal.size();
  }

  /// Goes on where another has died, of which `past` is left. Chance decides which checkpoints had
  /// been saved; all of them, if others may take them over: from where does decide something.
  void resume(const std::vector<event_ptr>& past, random_stream& chance, bool all_saved) {
    for (const auto& e : past)
      course_.course.restore(*e);
    const auto& machine = course_.course.machine();
    study_course::resumption how;
    for (trial_number n = 0; n < machine.next_number(); ++n)
      for (const int number : machine.checkpoints_of(n)) {
        if (machine.has_saved(n, number)) continue;
        const bool lost = !all_saved && chance.below(2) == 0;
        (lost ? how.lost : how.found).emplace_back(n, number);
      }
    course_.course.resume(how, 0);
    course_.journal.insert(course_.journal.begin(), past.begin(), past.end());
    leases_ = 1000;
  }

  /// What was written down when it died: all until its last step, and of that as much as chance
  /// lets it.
  std::vector<event_ptr> remains(random_stream& chance) const {
    auto left = course_.journal;
    left.resize(known_ + chance.below(left.size() - known_ + 1));
    return left;
  }

  const std::vector<event_ptr>& journal() const { return course_.journal; }

private:
  observed_course course_;
  std::uint64_t leases_ = 0;
  std::size_t known_ = 0; ///< Events before the last step.
};

void check_consistent(const study& s, const std::vector<event_ptr>& journal) {
  journal_check check;
  study_state again{s, study_state::keeps_state::checkpoints};
  for (const auto& e : journal) {
    check.take(*e);
    again.apply(*e);
  }
}

} // namespace

TEST_CASE("a study that is killed again and again decides as one that never was") {
  for (const auto* p : scheduler_plugins())
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      if (p->name == "moasha" || p->name == "pbt_replay") continue; // want another study
      CAPTURE(p->name);
      CAPTURE(seed);
      auto s = parsed(R"({"name": "random"})", scheduler_with_options(p->name));
      s.num_samples = 12;
      s.keep_last = 1 + seed % 3;
      if (seed % 2 == 1 && p->name != "resource_changing") // some trials cannot be given anything
        s.per_config = {{"cpu", {"k > 7 and 'much' or k / 2"}}};
      process undisturbed{s};
      const bool ends = undisturbed.train(300); // a population may go on for ever

      random_stream chance{seed, 0, "kills"};
      auto now = std::make_unique<process>(s);
      int kills = 0;
      while (!now->train(1 + static_cast<int>(chance.below(12)))) {
        REQUIRE(++kills < 10'000);
        if (!ends && now->journal().size() > 1000) break;
        if (chance.below(3) == 0) now->interrupt();
        const auto left = now->remains(chance);
        if (left.empty()) continue;
        now = std::make_unique<process>(s);
        now->resume(left, chance, p->name == "pbt" || p->name == "pb2");
      }
      CHECK(kills > 0);
      check_consistent(s, now->journal());
      const auto found = facts_of(now->journal());
      const auto expected = facts_of(undisturbed.journal());
      if (ends) CHECK(found.decisions.size() == expected.decisions.size());
      check_same(found.decisions, expected.decisions);
      check_same(found.added, expected.added);
    }
}

TEST_CASE("a trial that was interrupted goes on from its last checkpoint, before all others") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.report(n, {{"loss", 0.4}});
  b.add();
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  b.leave(n);
  CHECK(b.machine.resume({}, false, b.tick()).empty());
  CHECK(b.summary(n).state == trial_state::pending);
  CHECK(b.machine.returning() == std::set{n});
  CHECK(b.machine.origin_of(n) == std::pair{n, 0});
  const auto order = b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->attempt == 2);
  CHECK(order->from_iteration == 1);
  CHECK(b.machine.returning().empty());

  const auto events = b.journal.size();
  const auto known = b.report(n, {{"loss", 0.4}});
  CHECK(known.repeated);
  CHECK_FALSE(known.recorded);
  CHECK(known.verdict == verdict::proceed);
  CHECK(b.journal.size() == events); // the journal has it already
  CHECK(b.report(n, {{"loss", 0.3}}).recorded);
  CHECK(b.summary(n).iterations == 3);
}

TEST_CASE(
    "a report that is made once more brings its checkpoint, so that repeated kills progress") {
  bench b;
  const auto n = b.run();
  for (const double loss : {0.5, 0.4, 0.3})
    b.report(n, {{"loss", loss}});
  b.machine.resume({}, false, b.tick());
  REQUIRE(b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick()));
  CHECK(b.report(n, {{"loss", 0.5}}, true).repeated);
  CHECK(kind(b.journal.back()->body) == "checkpoint_taken");
  b.machine.saved(n, 0, b.tick());
  b.machine.resume({}, false, b.tick());
  const auto order = b.machine.start(n, lease{10, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 1);
  CHECK(b.summary(n).iterations == 3);
}

TEST_CASE("a lost checkpoint sends its trial back to the one before, and who borrowed it, too") {
  auto s = small_study();
  s.keep_last = 2;
  bench b{s};
  const auto donor = b.run(), taker = b.run();
  for (const auto n : {donor, taker})
    for (const double loss : {0.5, 0.4, 0.3})
      b.report(n, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  b.machine.resume({}, false, b.tick());
  CHECK(b.machine.origin_of(taker) == std::pair{donor, 2});
  b.machine.lost(donor, 2, b.tick());
  CHECK(b.machine.origin_of(donor) == std::pair{donor, 1});
  CHECK(b.machine.origin_of(taker) == std::pair{taker, 2});
  CHECK_FALSE(b.summary(donor).checkpoint);
  for (const int number : {1, 0})
    b.machine.lost(donor, number, b.tick());
  CHECK_FALSE(b.machine.origin_of(donor)); // from the start
}

TEST_CASE("one that goes on from another's checkpoint reports anew, whatever is lost of its own") {
  bench b;
  const auto donor = b.run(), taker = b.run();
  for (const double loss : {0.5, 0.4})
    b.report(donor, {{"loss", loss}}, true);
  for (const double loss : {0.9, 0.8, 0.7, 0.6})
    b.report(taker, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  b.machine.resume({}, false, b.tick());
  b.leave(taker);
  b.machine.lost(taker, 3, b.tick());
  const auto order = b.machine.start(taker, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 2);
  CHECK(b.report(taker, {{"loss", 0.3}}, true).recorded); // the third, though it had made four
  CHECK(b.summary(taker).iterations == 3);
  CHECK(b.summary(taker).config.at("x") == 0.75);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  b.machine.lost(taker, 4, b.tick()); // and then it is to go on elsewhere
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.25}}}, b.tick()));
  REQUIRE(b.machine.start(taker, lease{10, 1, 0, 0, {}}, b.tick()));
  CHECK(b.report(taker, {{"loss", 0.1}}, true).recorded);
  journal_check check;
  for (const auto& e : b.journal)
    check.take(*e);
}

TEST_CASE("what was taken over stays until one of the taker's own is on the disk") {
  bench b;
  const auto donor = b.run(), taker = b.run();
  b.report(taker, {{"loss", 0.9}}, true);
  b.machine.saved(taker, 0, b.tick());
  for (const double loss : {0.5, 0.4})
    b.report(donor, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  REQUIRE(b.machine.start(taker, lease{9, 1, 0, 0, {}}, b.tick()));
  b.report(donor, {{"loss", 0.3}}, true);
  b.report(taker, {{"loss", 0.2}}, true);
  CHECK(b.machine.borrowed_by(taker) == std::pair{donor, 1});
  CHECK(b.machine.origin_of(taker) == std::pair{taker, 1});
  CHECK(b.machine.checkpoints_of(donor) == std::vector{1, 2});

  SUBCASE("then it is not needed any more") {
    b.machine.saved(taker, 1, b.tick());
    CHECK_FALSE(b.machine.borrowed_by(taker));
    CHECK(b.machine.checkpoints_of(donor) == std::vector{2});
  }
  SUBCASE("one that dies before goes on from there once more") {
    b.report(taker, {{"loss", 0.1}}, true);
    b.machine.resume({}, false, b.tick());
    for (const int own : {2, 1})
      b.machine.lost(taker, own, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{donor, 1}); // not its own of the time before
    const auto order = b.machine.start(taker, lease{10, 1, 0, 0, {}}, b.tick());
    REQUIRE(order);
    CHECK(order->from_iteration == 2);
    CHECK(b.report(taker, {{"loss", 0.2}}, true).repeated);
    CHECK(b.report(taker, {{"loss", 0.1}}, true).repeated);
    CHECK(b.report(taker, {{"loss", 0.05}}, true).recorded);
    CHECK(b.summary(taker).config.at("x") == 0.75);
    b.machine.saved(taker, b.machine.origin_of(taker)->second, b.tick());
    CHECK_FALSE(b.machine.borrowed_by(taker));
  }
  SUBCASE("what is lost while it is not needed changes nothing") {
    b.machine.resume({}, false, b.tick());
    b.machine.lost(donor, 1, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{taker, 1});
    b.machine.lost(taker, 1, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{taker, 0});
  }
  journal_check check;
  for (const auto& e : b.journal)
    check.take(*e);
}

TEST_CASE("while a study is stopped its time stands still, and its limits may change") {
  auto s = small_study();
  s.max_failures = 0;
  bench b{s};
  const auto failed = b.run(), ended = b.run();
  b.leave(failed, "boom");
  b.report(ended, {{"loss", 1}});
  b.leave(ended);
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  b.machine.end(b.tick());
  const double before = b.machine.wall_s();
  b.now += 3'600'000'000'000;
  auto limits = limits_of(s);
  limits.num_samples = 5;
  limits.max_failures = 1;
  CHECK(b.machine.resume(limits, true, b.tick()) == std::vector{failed});
  CHECK(b.machine.wall_s() == before);
  CHECK(b.machine.subject().max_failures == 1);
  CHECK(b.summary(failed).state == trial_state::pending);
  CHECK(b.summary(ended).state == trial_state::completed);
  CHECK(b.machine.wants_trial(2)); // three more
  CHECK_FALSE(b.machine.finished());
}
