#include "store/lease_kit.hpp"

#include <troupe/random.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace troupe;
using namespace lease_kit;
using store_kit::message_of;

namespace {

constexpr int epochs = 4;
constexpr double lease_s = 60;

/// Somebody who asks for trials and trains them.
struct worker {
  std::optional<std::string> client;
  std::optional<asked_study::trial> has = {};
  int epoch = 0;
  std::int64_t heard_ns = 0; ///< Of it, by the study.
};

/// Workers that ask, report, renew, fail, fall silent and wake again, at random; some have names
/// and come back after a crash, of which nobody has told those that have crashed.
class crowd {
public:
  crowd(const std::string& scheduler, std::uint64_t seed)
      : study_{R"("num_samples": 7, "max_failures": 2, "scheduler": )" + scheduler},
        random_{seed, 0, "crowd"},
        workers_{{"anna"}, {"bert"}, {}, {}, {}} {}

  /// Lets something happen until nothing is left. Returns whether that came.
  bool live() {
    for (int i = 0; i < 4000; ++i) {
      study_.pass(static_cast<double>(random_.below(12)));
      if (!ghosts_.empty() && random_.below(10) == 0) haunt(ghosts_[random_.below(ghosts_.size())]);
      auto& one = workers_[random_.below(workers_.size())];
      if (one.has && random_.below(20) == 0) lose(one);
      if (one.has)
        train(one);
      else if (!ask(one))
        return true;
    }
    return false;
  }

  const leased_folder& study() const { return study_; }
  int refused() const { return refused_; }

private:
  /// Returns false if nothing is left.
  bool ask(worker& one) {
    const auto answer = study_.ask(one.client, lease_s);
    if (const auto* t = std::get_if<asked_study::trial>(&answer)) {
      one = {one.client, *t, t->from_iteration, study_.now()};
      token_of_[t->number] = t->token;
    }
    return !std::holds_alternative<exhausted>(answer);
  }

  /// A client with a name crashes and asks again at once; another has its trial taken by hand.
  void lose(worker& one) {
    const auto lost = *one.has;
    if (!one.client) {
      auto telling = study_.telling();
      const auto* holder = telling.holders().of(lost.number);
      if (!holder || holder->lease->token != lost.token) return;
      telling.drop(lost.number);
    }
    one = {one.client};
    if (one.client) ask(one);
    ghosts_.push_back(lost);
  }

  /// Somebody who does not know that it has lost its trial tells of it.
  void haunt(const asked_study::trial& t) {
    const auto before = study_.events().size();
    CHECK_THROWS_AS(study_.telling().tell(t.number, {0.5}, t.token), lost_trial);
    CHECK(study_.events().size() == before);
  }

  void train(worker& one) {
    if (random_.below(4) == 0) study_.pass(40); // it takes its time, perhaps too much
    const auto t = *one.has;
    const auto silent_ns = study_.now() - one.heard_ns;
    const auto before = study_.events().size();
    const auto refusal = message_of<lost_trial>([&] { one = told(one); });
    if (refusal.empty()) {
      CHECK(token_of_.at(t.number) == t.token);
      return;
    }
    CHECK(silent_ns > static_cast<std::int64_t>(lease_s * 1e9));
    CHECK(study_.events().size() == before);
    one = {one.client};
    ++refused_;
  }

  /// Returns the worker as it is once it has told something.
  worker told(const worker& one) {
    const auto& t = *one.has;
    auto telling = study_.telling();
    const worker goes_on{one.client, t, one.epoch, study_.now()};
    switch (random_.below(12)) {
    case 0:
      telling.fail(t.number, "out of luck", t.token);
      return {one.client};
    case 1:
      telling.renew(t.number, t.token);
      return goes_on;
    default:
      break;
    }
    if (one.epoch == epochs) {
      telling.tell(t.number, {0.5}, t.token);
      return {one.client};
    }
    const double loss = 1.0 / (one.epoch + 1 + t.number % 5);
    const auto decided = telling.tell_step(t.number, {loss}, one.epoch + 1, t.token);
    if (decided.verdict != verdict::proceed) return {one.client};
    return {one.client, t, one.epoch + 1, study_.now()};
  }

  leased_folder study_;
  random_stream random_;
  std::vector<worker> workers_;
  std::vector<asked_study::trial> ghosts_;              ///< Trials that somebody has lost.
  std::map<trial_number, asked_study::token> token_of_; ///< The one that was handed out last.
  int refused_ = 0;
};

void check_journal(const std::vector<event>& events) {
  std::map<trial_number, int> reached;
  std::map<trial_number, int> failures;
  std::set<trial_number> ended;
  for (const auto& e : events) {
    if (const auto* report = std::get_if<event_kind::trial_reported>(&e.body)) {
      CHECK(report->iteration == reached[*e.trial] + 1);
      reached[*e.trial] = report->iteration;
    }
    if (const auto* failed = std::get_if<event_kind::trial_failed>(&e.body))
      failures[*e.trial] += failed->counts ? 1 : 0;
    if (const auto* end = std::get_if<event_kind::trial_ended>(&e.body)) {
      CHECK(ended.insert(*e.trial).second);
      CHECK((end->state == trial_state::failed) == (failures[*e.trial] == 3));
    }
  }
  CHECK(ended.size() == 7);
  CHECK(std::holds_alternative<event_kind::study_ended>(events.back().body));
}

/// Lets one client after the other train all trials, up to 9 epochs each; perhaps some die on the
/// way. Returns what they were told.
std::vector<verdict> verdicts_of_one_client(const std::string& scheduler, std::uint64_t seed,
                                            bool some_die) {
  leased_folder study{R"("num_samples": 6, "max_failures": 9, "scheduler": )" + scheduler};
  std::vector<verdict> all;
  while (true) {
    auto answer = study.ask({}, lease_s);
    if (std::holds_alternative<exhausted>(answer)) return all;
    auto t = std::get<asked_study::trial>(answer);
    verdict v{};
    for (int epoch = t.from_iteration + 1; epoch <= 9 && v == verdict::proceed; ++epoch) {
      random_stream luck{seed, t.number * 100 + static_cast<trial_number>(epoch), "epoch"};
      const double loss = luck.uniform() / epoch;
      if (some_die && luck.below(4) == 0) {
        study.pass(lease_s + 1);
        t = study.asked();
        REQUIRE(t.from_iteration == epoch - 1);
      }
      all.push_back(v = study.telling().tell_step(t.number, {loss}, epoch, t.token).verdict);
    }
    if (v == verdict::proceed) study.telling().tell(t.number, {0.5}, t.token);
  }
}

} // namespace

TEST_CASE("whoever dies or wakes too late, every trial is told or has failed, and has one holder") {
  int refused = 0;
  for (const std::string scheduler :
       {R"({"name": "fifo"})", R"({"name": "asha", "max_t": 4, "reduction_factor": 2})",
        R"({"name": "asha", "max_t": 4, "reduction_factor": 2, "variant": "promotion"})",
        R"({"name": "hyperband", "max_t": 4})", R"({"name": "median"})",
        R"({"name": "optuna_median"})"})
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      crowd workers{scheduler, seed};
      REQUIRE(workers.live());
      check_journal(workers.study().events());
      refused += workers.refused();
    }
  CHECK(refused > 5);
}

TEST_CASE("what a trial reported before its trainer died still counts where it was judged") {
  for (const std::string scheduler :
       {R"({"name": "asha", "max_t": 9, "reduction_factor": 3})",
        R"({"name": "optuna_successive_halving", "reduction_factor": 2})", R"({"name": "median"})"})
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      CHECK(verdicts_of_one_client(scheduler, seed, true) ==
            verdicts_of_one_client(scheduler, seed, false));
    }
}
