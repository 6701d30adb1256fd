#include "actors/actor_kit.hpp"
#include "base/json.hpp"

#include <troupe/class_trainable.hpp>

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// What all objects of a study did, by trial.
struct tally {
  std::mutex mutex;
  std::map<std::string, int> setups, loads, steps;
  std::set<std::string> strayed; ///< Trials whose object did not stay on one thread.
};

/// Adds parameter "gain" (1 if the space has none) to a sum at every step.
class adder : public step_trainable {
public:
  explicit adder(tally& t) : tally_{t} {}
  ~adder() override { note_thread(); }
  adder(const adder&) = delete;
  adder& operator=(const adder&) = delete;

  void setup(trial& t) override {
    trial_ = &t;
    thread_ = std::this_thread::get_id();
    gain_ = find(t.config(), "gain") ? static_cast<int>(std::lround(t.param<double>("gain"))) : 1;
    count(tally_.setups);
  }

  metrics step() override {
    note_thread();
    count(tally_.steps);
    sum_ += gain_;
    if (fails && fails(trial_->id(), iteration())) throw std::runtime_error{"bad luck"};
    return {{"loss", std::stoi(trial_->id()) - sum_ / 1000.0}, {"sum", static_cast<double>(sum_)}};
  }

  checkpoint save_checkpoint() override { return number_checkpoint(sum_); }

  void load_checkpoint(const checkpoint& c) override {
    note_thread();
    count(tally_.loads);
    sum_ = number_of(c);
  }

  bool done() const override { return iteration() >= steps; }

  std::function<bool(const std::string& trial, int iteration)> fails;
  int steps = 1000;

private:
  void count(std::map<std::string, int>& what) {
    const std::lock_guard lock{tally_.mutex};
    ++what[trial_->id()];
  }
  void note_thread() {
    const std::lock_guard lock{tally_.mutex};
    if (std::this_thread::get_id() != thread_) tally_.strayed.insert(trial_->id());
  }

  tally& tally_;
  trial* trial_ = nullptr;
  std::thread::id thread_;
  int gain_ = 1, sum_ = 0;
};

study_results run_adders(study s, tally& seen, int steps, checkpoint_plan plan = {},
                         std::function<bool(const std::string&, int)> fails = {}, double cpus = 2,
                         event_log* log = nullptr) {
  const auto t = class_trainable(
      "adder",
      [&seen, steps, fails] {
        auto made = std::make_unique<adder>(seen);
        made->steps = steps;
        made->fails = fails;
        return made;
      },
      plan);
  auto results = run_study(std::move(s), t.train, cpus, log);
  CHECK(seen.strayed.empty());
  return results;
}

} // namespace

TEST_CASE("class trainables run to their end, each set up once") {
  tally seen;
  const auto results = run_adders(study_of(5), seen, 4);
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::completed);
    CHECK(t.iterations == 4);
    CHECK(*t.last.find("sum") == 4);
    CHECK(seen.setups.at(trial_id(t.number)) == 1);
    CHECK(seen.steps.at(trial_id(t.number)) == 4);
  }
  CHECK(seen.loads.empty());
}

TEST_CASE("a stop rule ends class trainables that are never done") {
  auto s = study_of(3);
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 6});
  tally seen;
  const auto results = run_adders(std::move(s), seen, 1'000'000);
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::stopped);
    CHECK(t.iterations == 6);
  }
}

TEST_CASE("a class trainable that failed goes on from its last checkpoint, as a new object") {
  auto s = study_of(1);
  s.max_failures = 1;
  tally seen;
  bool failed = false;
  const auto results = run_adders(
      std::move(s), seen, 8, {.checkpoint_frequency = 3},
      [&failed](const std::string&, int iteration) {
        return iteration == 5 && !std::exchange(failed, true);
      },
      1);
  CHECK(results.trials[0].state == trial_state::completed);
  CHECK(results.trials[0].iterations == 8);
  CHECK(*results.trials[0].last.find("sum") == 8); // 4 and 5 were lost, and done again
  CHECK(seen.setups.at("00000") == 2);
  CHECK(seen.loads.at("00000") == 1);
  CHECK(seen.steps.at("00000") == 6 + 5); // the sixth threw
}

TEST_CASE("class trainables pause and go on under hyperband without losing a step") {
  auto s = study_of(14);
  s.scheduler = {"hyperband", {{"max_t", 9}}};
  tally seen;
  event_log log;
  const auto results = run_adders(std::move(s), seen, 1000, {}, {}, 2, &log);
  const auto pauses = log.all<event_kind::trial_paused>().size();
  CHECK(pauses > 0);
  int again = 0, steps = 0, iterations = 0;
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::stopped);
    CHECK(*t.last.find("sum") == t.iterations);
    again += seen.setups.at(trial_id(t.number)) - 1;
    steps += seen.steps.at(trial_id(t.number));
    iterations += t.iterations;
  }
  CHECK(steps == iterations); // nothing was done twice
  int loads = 0;
  for (const auto& [id, n] : seen.loads)
    loads += n;
  CHECK(loads == again);
  CHECK(again > 0);
}

TEST_CASE("under hyperband, a class trainable that saves rarely pauses at its next checkpoint") {
  auto s = study_of(3);
  s.scheduler = {"hyperband", {{"max_t", 9}}};
  tally seen;
  event_log log;
  const auto results =
      run_adders(std::move(s), seen, 1000, {.checkpoint_frequency = 2}, {}, 1, &log);
  const auto paused = log.all<event_kind::trial_paused>();
  CHECK_FALSE(paused.empty());
  for (const auto& p : paused)
    CHECK(p.iteration % 2 == 0);
  for (const auto& t : results.trials)
    CHECK(*t.last.find("sum") == t.iterations);
}

TEST_CASE("a class trainable goes on from another's checkpoint under pbt") {
  auto s = study_of(2);
  s.metric = "sum";
  s.mode = direction::max;
  s.space = search_space{}.add("gain", uniform{0, 1});
  s.scheduler = {"pbt", parse_json(R"({"time_attr": "training_iteration",
      "perturbation_interval": 5, "resample_probability": 0, "perturbation_factors": [10],
      "hyperparam_mutations": {"gain": {"uniform": [0, 1]}}})")
                            .as_object()};
  for (const double gain : {1.0, 2.0})
    s.points_to_evaluate.push_back({{"gain", gain}});
  tally seen;
  event_log log;
  const auto results = run_adders(std::move(s), seen, 20, {}, {}, 1, &log);
  CHECK_FALSE(log.all<event_kind::trial_exploited>().empty());
  CHECK(seen.loads.at("00000") > 0);
  CHECK(seen.loads.at("00000") == seen.setups.at("00000") - 1);
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::completed);
    CHECK(t.iterations == 20);
  }
  CHECK(*results.trials[0].last.find("sum") > 20); // all that a gain of 1 can come to
}

TEST_CASE("class trainables that never save are not interrupted by rules that would pause them") {
  auto s = study_of(3);
  s.scheduler = {"hyperband", {{"max_t", 9}}};
  tally seen;
  event_log log;
  const auto results = run_adders(
      std::move(s), seen, 5, {.checkpoint_frequency = 0, .checkpoint_at_end = false}, {}, 2, &log);
  CHECK(log.all<event_kind::trial_paused>().empty());
  for (const auto& t : results.trials) {
    CHECK(is_final(t.state));
    CHECK(seen.setups.at(trial_id(t.number)) == 1);
  }
}
