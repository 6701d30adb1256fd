#include "actors/study.hpp"

#include "actors/caf_compat.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_response_promise.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe {

namespace {

class study_shell {
public:
  static inline const char* name = "study";

  study_shell(study_actor::pointer self, controller_actor controller)
      : self_{self},
        controller_{std::move(controller)} {}

  study_actor::behavior_type make_behavior() {
    return {
        [this](const start_study& s) { begin(s); },
        [this](const interrupt_study& i) { begin(i); },
        [this](const add_trial& a) { return pass_on<trial_number>(a); },
        [this](const stop_trial& s) { return pass_on<void>(s); },
        [this](const subscriber_actor& s) { tell(self_, controller_, s); },
        [this](const await_results&) { return promise_results(); },
        [this](const pause_study& p) { return pass_on<leaving_trials>(p); },
        [this](const continue_study& c) { return pass_on<void>(c); },
        [this](const retry_trial& r) { return pass_on<void>(r); },
        [this](const change_limits& c) { return pass_on<void>(c); },
    };
  }

private:
  /// Passes on what makes the study begin, and with the first of it begins to wait for the results:
  /// not before, or the two would keep each other alive though nobody ever starts the study. The
  /// wait has no limit because studies have none; a controller that dies breaks its promise.
  template <class Message>
  void begin(const Message& message) {
    tell(self_, controller_, message);
    if (std::exchange(begun_, true)) return;
    ask(self_, controller_, caf::infinite, await_results{})
        .then([this](study_results& r) { take(std::move(r)); },
              [this](const caf::error& e) { take(e); });
  }

  template <class Answer, class Message>
  caf::result<Answer> pass_on(const Message& m) {
    auto promise = self_->make_response_promise<Answer>();
    auto asked = ask(self_, controller_, caf::infinite, m);
    if constexpr (std::is_void_v<Answer>)
      asked.then([promise]() mutable { promise.deliver(); }, refusing(promise));
    else
      asked.then([promise](const Answer& a) mutable { promise.deliver(a); }, refusing(promise));
    return promise;
  }

  /// Returns what passes on why a wish was refused.
  template <class Promise>
  auto refusing(Promise promise) {
    return [this, promise](const caf::error& e) mutable {
      promise.deliver(came_ ? refusal("the study has ended") : e);
    };
  }

  void take(caf::expected<study_results> came) {
    came_ = std::move(came);
    for (auto& asker : askers_)
      asker.deliver(*came_);
    askers_.clear();
  }

  caf::result<study_results> promise_results() {
    auto promise = self_->make_response_promise<study_results>();
    if (came_)
      promise.deliver(*came_);
    else
      askers_.push_back(promise);
    return promise;
  }

  study_actor::pointer self_;
  controller_actor controller_;
  bool begun_ = false;
  std::optional<caf::expected<study_results>> came_; ///< Why there are none, if there are none.
  std::vector<caf::typed_response_promise<study_results>> askers_;
};

} // namespace

study_actor spawn_study_actor(caf::actor_system& system, controller_actor controller) {
  return system.spawn<study_actor::stateful_impl<study_shell>>(std::move(controller));
}

} // namespace troupe
