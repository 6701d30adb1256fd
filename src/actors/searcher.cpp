#include "actors/searcher.hpp"

#include "actors/candid_logic.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace troupe {

namespace {

class searcher_shell {
public:
  static inline const char* name = "searcher";

  searcher_shell(searcher_actor::pointer, std::unique_ptr<searcher> logic, std::uint64_t seen)
      : owned_{std::move(logic)},
        logic_{std::make_unique<informed_searcher>(*owned_, seen)} {}

  searcher_actor::behavior_type make_behavior() {
    return {
        [this](const suggest_trial& question) {
          return logic_.ask([&](informed_searcher& s) { return s.consult(question); });
        },
        [this](const searcher_news& news) {
          logic_.tell([&](informed_searcher& s) { s.inform(news); });
        },
    };
  }

private:
  std::unique_ptr<searcher> owned_;
  candid_logic<informed_searcher> logic_;
};

} // namespace

searcher_actor spawn_searcher(caf::actor_system& system, std::unique_ptr<searcher> logic,
                              std::uint64_t seen) {
  return system.spawn<searcher_actor::stateful_impl<searcher_shell>>(std::move(logic), seen);
}

} // namespace troupe
