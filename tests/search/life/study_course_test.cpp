#include "search/course_kit.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <sstream>

using namespace troupe;

namespace {

/// A crew whose scheduler, searcher and slots answer when they like: each in the order in which it
/// was asked, but which of them comes next is drawn at random.
class delayed_crew final : public course_crew {
public:
  delayed_crew(const study& s, std::uint64_t seed)
      : random_{seed, 0, "delays"},
        decides_{make_correctable_scheduler(s)},
        suggests_{make_searcher(s)},
        course{s, decides_->lookahead()} {
    course.join(*this);
  }

  /// Lets everybody answer until nothing is left to be answered.
  void settle() {
    course.advance(now);
    for (std::vector<channel*> busy = waiting(); !busy.empty(); busy = waiting()) {
      auto& one = *busy[random_.below(busy.size())];
      const auto answer = std::move(one.front());
      one.pop_front();
      answer();
      course.advance(now);
    }
  }

  void ask(const suggest_trial& q) override {
    at_searcher_.push_back([this, q] {
      auto answer = searcher_.consult(q);
      course.suggested(std::move(answer), now);
    });
  }
  void ask(const judge_result& q) override {
    at_scheduler_.push_back(
        [this, q] { course.judged(q.number, q.attempt, consult(*decides_, q), now); });
  }
  void ask(const choose_trial& q) override {
    at_scheduler_.push_back([this, q] { course.chosen(consult(*decides_, q), now); });
  }
  void tell(const scheduler_news& news) override {
    at_scheduler_.push_back([this, news] { inform(*decides_, news); });
  }
  void tell(const searcher_news& news) override {
    at_searcher_.push_back([this, news] { searcher_.inform(news); });
  }
  void acquire(const resources& amount) override {
    CHECK_FALSE(requested_);
    requested_ = amount;
    grant();
  }
  void withdraw() override {
    requested_.reset();
    at_broker_.push_back([this] { course.withdrawn(); });
  }
  void release(const lease&) override {
    ++free;
    grant();
  }
  void start(trial_number n, const study_machine::start_order& how, const lease&) override {
    running[n] = how.attempt;
  }
  void stop(trial_number n, const std::string&) override { told_to_stop.push_back(n); }
  void answer(trial_number n, int, verdict v) override { answers[n] = v; }
  void drop(trial_number, int) override {}
  void publish(const event_ptr& e) override { journal.push_back(e); }
  void over() override {
    if (at_scheduler_.empty() && at_searcher_.empty()) course.end(now);
  }

private:
  using channel = std::deque<std::function<void()>>;

  std::vector<channel*> waiting() {
    std::vector<channel*> busy;
    for (auto* one : {&at_scheduler_, &at_searcher_, &at_broker_})
      if (!one->empty()) busy.push_back(one);
    return busy;
  }

  void grant() {
    if (!requested_ || free == 0) return;
    --free;
    const lease l{++leases_, requested_->cpu, 0, 0, {}};
    requested_.reset();
    at_broker_.push_back([this, l] { course.granted(l, now); });
  }

  random_stream random_;
  std::unique_ptr<correctable_scheduler> decides_;
  std::unique_ptr<searcher> suggests_;
  informed_searcher searcher_{*suggests_};
  channel at_scheduler_, at_searcher_, at_broker_;
  std::optional<resources> requested_;
  std::uint64_t leases_ = 0;

public:
  study_course course;
  int free = 1;
  std::int64_t now = 0;
  std::map<trial_number, int> running; ///< And their attempts.
  std::vector<trial_number> told_to_stop;
  std::map<trial_number, verdict> answers;
  std::vector<event_ptr> journal;
};

/// What trial `n` has to report at `iteration`.
double loss_of(trial_number n, int iteration) {
  return random_stream{n, static_cast<std::uint64_t>(iteration), "loss"}.uniform();
}

/// Trains one trial after the other, each to its 9th report at most, until nothing wants to run.
std::string trained_with_delays(const study& s, std::uint64_t seed) {
  delayed_crew crew{s, seed};
  crew.course.begin(0);
  for (crew.settle(); !crew.running.empty(); crew.settle()) {
    const auto [n, attempt] = *crew.running.begin();
    const int iteration = crew.course.machine().iterations_of(n) + 1;
    if (iteration <= 9) {
      crew.course.report(n, attempt, {{"loss", loss_of(n, iteration)}}, true, 1, 0);
      crew.settle();
      if (crew.answers.at(n) == verdict::proceed) continue;
    }
    crew.running.erase(n);
    crew.course.exited(n, attempt, std::nullopt, 0);
  }
  CHECK(crew.course.machine().finished());
  CHECK(crew.free == 1);
  return text_of(crew.journal, 0);
}

/// The same, where all answers come at once.
std::string trained_at_once(const study& s) {
  observed_course one{s};
  one.course.begin(0);
  std::uint64_t leases = 0;
  while (const auto started = one.course.place({++leases, 1, 0, 0, {}}, 0)) {
    const auto [n, order] = *started;
    one.course.add_trials(0);
    for (int iteration = order.from_iteration + 1; iteration <= 9; ++iteration) {
      const auto a =
          one.course.report(n, order.attempt, {{"loss", loss_of(n, iteration)}}, true, 1, 0);
      if (a.verdict != verdict::proceed) break;
    }
    one.course.exited(n, order.attempt, std::nullopt, 0);
  }
  one.course.end(0);
  return text_of(one.journal, 0);
}

/// The lines of `journal` that tell of decisions and ends, without their numbers, whose order among
/// the additions of further trials depends on who is quicker.
std::vector<std::string> decisions_in(const std::string& journal) {
  std::vector<std::string> found;
  std::istringstream lines{journal};
  for (std::string line; std::getline(lines, line);)
    if (line.find("trial_reported") != std::string::npos ||
        line.find("trial_decided") != std::string::npos ||
        line.find("trial_ended") != std::string::npos)
      found.push_back(line.substr(line.find("\"trial\"")));
  return found;
}

} // namespace

TEST_CASE("searchers remember what they suggested before") {
  for (const auto& p : known_searchers())
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      if (p.name == "grid" || p.name == "concurrency_limiter" || p.name == "repeater") continue;
      const std::string searcher{p.name};
      CAPTURE(searcher);
      CAPTURE(seed);
      check_taken_over(
          parsed(R"({"name": ")" + searcher + "\"}", R"({"name": "asha", "max_t": 9})"), seed,
          60 + static_cast<int>(seed * 31));
    }
}

TEST_CASE("trials decide the same whether those who are asked answer at once or later") {
  for (const std::string scheduler : {"fifo", "asha", "hyperband", "median", "optuna_median"}) {
    const auto s = parsed(R"({"name": "random"})", scheduler_with_options(scheduler));
    CAPTURE(scheduler);
    const auto expected = decisions_in(trained_at_once(s));
    CHECK(expected.size() > 40);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(seed);
      CHECK(decisions_in(trained_with_delays(s, seed)) == expected);
    }
  }
}

TEST_CASE("a study that is taken over after trials were stranded decides as before") {
  // The searcher has one batch to suggest, then nothing before all of them have ended: those that
  // wait for a promotion which cannot come are ended, and more trials follow.
  auto s = parsed(R"({"name": "random"})",
                  R"({"name": "asha", "max_t": 9, "reduction_factor": 3,
                      "variant": "promotion"})");
  s.num_samples = 60;

  class in_batches final : public searcher {
  public:
    suggestion suggest(trial_number n) override {
      if (n >= ended_ + 6 || (n % 6 == 0 && n > ended_)) return not_now{};
      return config{{"x", 0.5}, {"k", 1}, {"c", "a"}};
    }
    void observe(trial_number, int, const outcome&) override {}
    void complete(trial_number, const std::optional<outcome>&) override { ++ended_; }

  private:
    trial_number ended_ = 0;
  };

  const auto train = [](direct_course& course, std::uint64_t& leases, int most) {
    for (int i = 0; i < most; ++i) {
      const auto started = course.place({++leases, 1, 0, 0, {}}, 0);
      if (!started) return;
      const auto [n, order] = *started;
      for (int iteration = order.from_iteration + 1;; ++iteration) {
        const auto a =
            course.report(n, order.attempt, {{"loss", loss_of(n, iteration)}}, true, 1, 0);
        if (a.verdict != verdict::proceed) break;
      }
      course.exited(n, order.attempt, std::nullopt, 0);
    }
  };

  bool some_were_stranded = false;
  for (int steps = 5; steps < 60; steps += 3) {
    CAPTURE(steps);
    std::vector<event_ptr> first, second;
    const auto d1 = make_correctable_scheduler(s), d2 = make_correctable_scheduler(s);
    in_batches s1, s2;
    direct_course live{s, *d1, s1, [&](const event_ptr& e) { first.push_back(e); }};
    direct_course restored{s, *d2, s2, [&](const event_ptr& e) { second.push_back(e); }};
    std::uint64_t leases = 0;
    live.begin(0);
    train(live, leases, steps);
    const auto known = first.size();
    for (const auto& e : first)
      restored.restore(*e);
    some_were_stranded |= text_of(first, 0).find("nobody else is left") != std::string::npos;
    auto same_leases = leases;
    train(live, leases, 100);
    train(restored, same_leases, 100);
    CHECK(text_of(second, 0) == text_of(first, known));
  }
  CHECK(some_were_stranded);
}
