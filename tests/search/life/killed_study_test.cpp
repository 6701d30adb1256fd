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
            course.report(n, order.attempt, {{"loss", drawn_loss(n, iteration)}}, true, 1, 0);
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
