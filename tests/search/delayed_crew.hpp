#pragma once

#include "search/life/study_course.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

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

  /// Goes on where another has died, of which `past` is left; every checkpoint was saved.
  void take_over(const std::vector<event_ptr>& past) {
    for (const auto& e : past)
      course.restore(*e, *decides_, searcher_);
    journal = past;
    const auto& machine = course.machine();
    study_course::resumption how;
    for (trial_number n = 0; n < machine.next_number(); ++n)
      for (const int number : machine.checkpoints_of(n))
        if (!machine.has_saved(n, number)) how.found.emplace_back(n, number);
    course.resume(how, now);
  }

  /// Lets everybody answer until nothing is left to be answered.
  void settle() {
    course.advance(now);
    for (std::vector<channel*> busy = waiting(); !busy.empty(); busy = waiting()) {
      answer_of(*busy[random_.below(busy.size())]);
    }
  }

  /// Lets some of them answer.
  void some_answer(std::uint64_t most) {
    course.advance(now);
    for (auto busy = waiting(); !busy.empty() && most-- > 0; busy = waiting())
      answer_of(*busy[random_.below(busy.size())]);
  }

  /// Something happens to one of the trials that run and do not wait for an answer.
  void let_one_train(random_stream& random) {
    if (running.empty()) return;
    const auto [n, attempt] =
        *std::next(running.begin(), static_cast<std::ptrdiff_t>(random.below(running.size())));
    const bool told = std::ranges::find(told_to_stop, n) != told_to_stop.end();
    const auto answered = answers.find(n);
    if (reporting.contains(n) && answered == answers.end() && !told) return; // it waits
    const bool proceeds = !told && (!reporting.contains(n) || answered->second == verdict::proceed);
    reporting.erase(n);
    answers.erase(n);
    if (proceeds && random.below(20) != 0) {
      reporting.insert(n);
      course.report(n, attempt, {{"loss", random.uniform()}}, random.below(8) != 0, 1, now);
      return;
    }
    running.erase(n);
    std::erase(told_to_stop, n);
    const bool fails = random.below(5) == 0;
    course.exited(n, attempt, fails ? std::optional<std::string>{"bad luck"} : std::nullopt, now);
  }

  bool ended() const {
    return !journal.empty() &&
           std::holds_alternative<event_kind::study_ended>(journal.back()->body);
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
  void answer(trial_number n, int attempt, verdict v) override {
    const auto runs = running.find(n);
    if (runs != running.end() && runs->second == attempt) answers[n] = v; // else it has gone
  }
  void drop(trial_number, int) override {}
  void publish(const event_ptr& e) override { journal.push_back(e); }
  void over() override {
    if (at_scheduler_.empty() && at_searcher_.empty()) course.end(now);
  }

private:
  using channel = std::deque<std::function<void()>>;

  void answer_of(channel& one) {
    const auto answer = std::move(one.front());
    one.pop_front();
    answer();
    course.advance(now);
  }

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
  std::set<trial_number> reporting; ///< They have reported, and perhaps been answered.
  std::map<trial_number, verdict> answers;
  std::vector<event_ptr> journal;
};

} // namespace troupe
