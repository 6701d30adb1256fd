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
        [this](const suggest_trial& question) { return informed_.consult(question); },
        [this](const searcher_news& news) { informed_.inform(news); },
    };
  }

private:
  std::unique_ptr<searcher> logic_;
  informed_searcher informed_{*logic_};
};

} // namespace

searcher_actor spawn_searcher(caf::actor_system& system, std::unique_ptr<searcher> logic) {
  return system.spawn<searcher_actor::stateful_impl<searcher_shell>>(std::move(logic));
}

} // namespace troupe
