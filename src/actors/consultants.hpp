#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"

#include <string>
#include <type_traits>
#include <utility>

namespace troupe {

/// A study's scheduler and searcher, as its controller asks and tells them.
class consultants {
public:
  consultants(controller_actor::pointer self, scheduler_actor scheduler, searcher_actor searcher)
      : self_{self},
        scheduler_{std::move(scheduler)},
        searcher_{std::move(searcher)} {}

  void tell(const scheduler_news& news) { troupe::tell(self_, scheduler_, inform_scheduler{news}); }
  void tell(const searcher_news& news) { troupe::tell(self_, searcher_, news); }

  /// Asks whom the question is for, who may think for long; the answer goes to `take`, or the
  /// reason why there is none to `fail`.
  template <class Answer, class Question, class Take, class Fail>
  void ask(const Question& question, Take take, Fail fail) {
    const auto& whom = [this]() -> const auto& {
      if constexpr (std::is_same_v<Question, suggest_trial>)
        return searcher_;
      else
        return scheduler_;
    }
    ();
    troupe::ask(self_, whom, caf::infinite, question)
        .then([take](Answer& a) { take(a); },
              [fail](const caf::error& e) { fail(explanation(e)); });
  }

  /// Both are not needed any more.
  void dismiss() {
    self_->send_exit(scheduler_, caf::exit_reason::user_shutdown);
    self_->send_exit(searcher_, caf::exit_reason::user_shutdown);
  }

private:
  controller_actor::pointer self_;
  scheduler_actor scheduler_;
  searcher_actor searcher_;
};

} // namespace troupe
