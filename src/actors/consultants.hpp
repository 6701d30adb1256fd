#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace troupe {

/// A study's scheduler and searcher, as its controller asks and tells them.
///
/// CAF looks for whom an answer is by going through all requests that are open. So the scheduler
/// has few open questions at a time, however many trials report at once; what comes meanwhile waits
/// here, in its order.
class consultants {
public:
  consultants(controller_actor::pointer self, scheduler_actor scheduler, searcher_actor searcher)
      : self_{self},
        scheduler_{std::move(scheduler)},
        searcher_{std::move(searcher)} {}
  consultants(const consultants&) = delete;
  consultants& operator=(const consultants&) = delete;

  void tell(const scheduler_news& news) {
    in_order([this, news] { troupe::tell(self_, scheduler_, inform_scheduler{news}); });
  }
  void tell(const searcher_news& news) { troupe::tell(self_, searcher_, news); }

  /// Asks whom the question is for, who may think for long; the answer goes to `take`, or the
  /// reason why there is none to `fail`.
  template <class Answer, class Question, class Take, class Fail>
  void ask(const Question& question, Take take, Fail fail) {
    if constexpr (std::is_same_v<Question, suggest_trial>)
      send<Answer>(searcher_, question, take, fail, [] {});
    else
      in_order([this, question, take, fail] {
        ++open_;
        send<Answer>(scheduler_, question, take, fail, [this] { answered(); });
      });
  }

  /// Both are not needed any more.
  void dismiss() {
    self_->send_exit(scheduler_, caf::exit_reason::user_shutdown);
    self_->send_exit(searcher_, caf::exit_reason::user_shutdown);
  }

private:
  /// Enough that the scheduler never waits for the next one.
  static constexpr std::size_t most_open = 32;

  template <class Answer, class Whom, class Question, class Take, class Fail, class After>
  void send(const Whom& whom, const Question& question, Take take, Fail fail, After after) {
    troupe::ask(self_, whom, caf::infinite, question)
        .then(
            [take, after](Answer& a) {
              after();
              take(a);
            },
            [fail, after](const caf::error& e) {
              after();
              fail(explanation(e));
            });
  }

  /// Sends a message to the scheduler when those before it are sent and few questions are open.
  template <class Message>
  void in_order(Message message) {
    if (waiting_.empty() && open_ < most_open) return message();
    waiting_.emplace_back(std::move(message));
  }

  void answered() {
    --open_;
    while (!waiting_.empty() && open_ < most_open) {
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      next();
    }
  }

  controller_actor::pointer self_;
  scheduler_actor scheduler_;
  searcher_actor searcher_;
  std::size_t open_ = 0; ///< Questions that the scheduler has not answered.
  std::deque<std::function<void()>> waiting_;
};

} // namespace troupe
