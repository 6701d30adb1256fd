#include "actors/searcher.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace troupe {

namespace {

class searcher_shell {
public:
  static inline const char* name = "searcher";

  searcher_shell(searcher_actor::pointer, std::unique_ptr<searcher> logic)
      : logic_{std::move(logic)} {}

  searcher_actor::behavior_type make_behavior() {
    return {
        [this](const suggest_trial& s) {
          return suggested_trial{s.number, logic_->suggest(s.number), seen_};
        },
        [this](const searcher_news& news) { learn(news); },
    };
  }

private:
  void learn(const searcher_news& news) {
    seen_ = news.seq;
    if (news.iteration)
      logic_->observe(news.number, *news.iteration, news.outcome.value());
    else if (news.stopped)
      logic_->stopped(news.number, news.outcome);
    else
      logic_->complete(news.number, news.outcome);
  }

  std::unique_ptr<searcher> logic_;
  std::uint64_t seen_ = 0;
};

} // namespace

searcher_actor spawn_searcher(caf::actor_system& system, std::unique_ptr<searcher> logic) {
  return system.spawn<searcher_actor::stateful_impl<searcher_shell>>(std::move(logic));
}

} // namespace troupe
