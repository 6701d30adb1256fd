#include "search/life/consultation.hpp"

namespace troupe {

namespace {

void take(scheduler& s, const schedule_trial& news) {
  s.configured(news.number, news.config);
  s.added(news.number);
}

void take(scheduler& s, const keep_config& news) {
  s.configured(news.number, news.config);
}

void take(scheduler& s, const trial_over& news) {
  switch (news.what) {
  case trial_over::how::completed:
    return s.completed(news.number, news.last);
  case trial_over::how::failed:
    return s.failed(news.number);
  case trial_over::how::removed:
    return s.removed(news.number);
  }
}

} // namespace

void inform(scheduler& s, const scheduler_news& news) {
  std::visit([&](const auto& one) { take(s, one); }, news);
}

decision consult(scheduler& s, const judge_result& question) {
  auto d = s.reported(question.number, question.result);
  if (d.verdict == verdict::stop) s.completed(question.number, question.result);
  return d;
}

chosen_trial consult(scheduler& s, const choose_trial&) {
  const auto chosen = s.choose();
  return {chosen, s.aftermath()};
}

void informed_searcher::inform(const searcher_news& news) {
  seen_ = news.seq;
  if (news.adopted)
    searcher_.adopt(news.number, *news.adopted);
  else if (news.iteration)
    searcher_.observe(news.number, *news.iteration, news.outcome.value());
  else if (news.stopped)
    searcher_.stopped(news.number, news.outcome);
  else
    searcher_.complete(news.number, news.outcome);
}

} // namespace troupe
