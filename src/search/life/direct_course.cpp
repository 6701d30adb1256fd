#include "search/life/direct_course.hpp"

#include <utility>

namespace troupe {

direct_course::direct_course(const study& s, correctable_scheduler& decides, searcher& suggests,
                             std::function<void(const event_ptr&)> sink,
                             study_machine::keeps_state who)
    : scheduler_{decides},
      searcher_{suggests},
      sink_{std::move(sink)},
      course_{s, decides.lookahead(), who} {
  course_.join(*this);
}

std::optional<direct_course::started>
direct_course::place(const lease& l, std::int64_t now, const std::optional<std::string>& client) {
  now_ = now;
  offered_ = {l, client};
  started_.reset();
  while (!started_ && course_.step(now)) {
  }
  return started_;
}

void direct_course::add_trials(std::int64_t now) {
  now_ = now;
  course_.add_trials();
}

direct_course::answered direct_course::report(trial_number n, int attempt, const metrics& m,
                                              bool has_checkpoint, double iteration_s,
                                              std::int64_t now, std::optional<int> iteration) {
  now_ = now;
  auto taken = course_.report(n, attempt, m, has_checkpoint, iteration_s, now, iteration);
  answered a{answer_, {}, std::move(taken.result), taken.recorded};
  if (!a.recorded) return a;
  if (machine().winding_up()) a.verdict = verdict::stop;
  if (a.verdict != verdict::proceed) a.reason = machine().ending_reason_of(n);
  return a;
}

void direct_course::ask(const suggest_trial& question) {
  course_.suggested(searcher_.consult(question), now_);
}

void direct_course::ask(const judge_result& question) {
  course_.judged(question.number, question.attempt, consult(scheduler_, question), now_);
}

void direct_course::ask(const choose_trial& question) {
  course_.chosen(consult(scheduler_, question), now_);
}

/// Whatever its size: one slot trains any trial here.
void direct_course::acquire(const resources& amount) {
  auto l = offered_.lease;
  if (!machine().subject().per_config.empty()) {
    l.cpu = amount.cpu;
    l.gpu = amount.gpu;
    l.memory_gb = amount.memory_gb;
  }
  course_.granted(l, now_, offered_.client);
}

} // namespace troupe
