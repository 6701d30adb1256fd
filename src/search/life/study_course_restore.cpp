#include "search/life/study_course.hpp"

#include <utility>
#include <variant>
#include <vector>

/// The other half of study_course: how a journal is taken over.
namespace troupe {

void study_course::restore(const event& e, correctable_scheduler& decides,
                           informed_searcher& suggests) {
  if (!past_) past_ = past{};
  past_->decides = &decides;
  past_->suggests = &suggests;
  if (!std::holds_alternative<event_kind::trial_exploited>(e.body)) settle_exploits();
  past_->waited = e.trial && *e.trial < machine_.next_number() && waits(*e.trial);
  machine_.apply(e);
  std::visit([&](const auto& body) { follow(body, e.trial.value_or(0)); }, e.body);
}

/// The journal has been taken over: what is left of it to be said is said by the crew.
void study_course::go_live() {
  if (!past_) return;
  const past left = *std::exchange(past_, std::nullopt);
  for (const trial_number n : left.expected)
    keep(n);
  for (const auto& news : left.news)
    inform(news);
}

void study_course::follow(const event_kind::trial_added& e, trial_number n) {
  if (e.by) return adopt(n);
  auto& news = past_->news;
  for (; !news.empty() && news.front().seq <= e.seen; news.pop_front())
    past_->suggests->inform(news.front());
  past_->suggests->recall(as_searcher_counts(n), e.config);
  queue(n);
}

void study_course::follow(const event_kind::trial_started&, trial_number n) {
  const auto [chosen, aftermath] = consult(*past_->decides, choose_trial{});
  for (const decision& d : aftermath)
    expect(d); // the others' ends are events
  if (chosen == n) return;
  if (chosen) past_->decides->correct(*chosen, machine_.state_of(*chosen));
  past_->decides->correct(n, trial_state::running);
}

void study_course::follow(const event_kind::trial_reported&, trial_number n) {
  observe(n);
  if (!machine_.scheduler_judges(n)) return;
  const auto d = consult(
      *past_->decides, judge_result{n, machine_.attempt_of(n), machine_.last_result_of(n).value()});
  if (d.verdict == verdict::stop) scheduler_knows_end_.insert(n);
  if (d.exploits.empty())
    expect(d);
  else
    past_->undecided.insert_or_assign(n, d); // its exploits come after the event of the decision
}

void study_course::follow(const event_kind::trial_decided&, trial_number n) {
  if (auto node = past_->undecided.extract(n)) expect(node.mapped());
}

void study_course::follow(const event_kind::trial_exploited&, trial_number n) {
  std::erase(past_->expected, n);
}

/// Trials will have ended or changed by `d`, as the next events tell.
void study_course::expect(const decision& d) {
  scheduler_knows_end_.insert(d.also_stop.begin(), d.also_stop.end());
  for (const exploit& e : d.exploits)
    past_->expected.push_back(e.trial);
}

/// The exploits that no event tells of came to nothing.
void study_course::settle_exploits() {
  for (const trial_number n : std::exchange(past_->expected, {}))
    keep(n);
}

void study_course::follow(const event_kind::trial_failed& e, trial_number n) {
  if (e.retry) retry(n);
}

void study_course::follow(const event_kind::trial_ended&, trial_number n) {
  forget(n, past_->waited);
}

} // namespace troupe
