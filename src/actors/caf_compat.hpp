#pragma once

#include <caf/actor_cast.hpp>
#include <caf/config.hpp>
#include <caf/error.hpp>
#include <caf/timespan.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <string>
#include <utility>

#if CAF_MAJOR_VERSION >= 1
#include <caf/anon_mail.hpp>
#else
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <unordered_map>
#endif

/// Every difference between CAF 0.18 and 1.x that Troupe touches. Nothing else in the project asks
/// for CAF's version. (CAF_VERSION itself is an octal literal in some releases: never test it.)
namespace troupe {

/// Sends a message; no answer is expected. `self` is an actor's pointer.
template <class Self, class Handle, class... Message>
void tell(Self&& self, const Handle& to, Message&&... message) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Message>(message)...).send(to);
#else
  self->send(to, std::forward<Message>(message)...);
#endif
}

/// Sends a message from outside any actor, or on nobody's behalf.
template <class Handle, class... Message>
void anon_tell(const Handle& to, Message&&... message) {
#if CAF_MAJOR_VERSION >= 1
  caf::anon_mail(std::forward<Message>(message)...).send(to);
#else
  caf::anon_send(to, std::forward<Message>(message)...);
#endif
}

/// Sends a request; take the answer with .then(value handler, error handler), always both.
template <class Self, class Handle, class... Message>
auto ask(Self&& self, const Handle& to, caf::timespan timeout, Message&&... message) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Message>(message)...).request(to, timeout);
#else
  return self->request(to, timeout, std::forward<Message>(message)...);
#endif
}

/// Returns what an error says: the words that it was made with, if it was made with some.
inline std::string explanation(const caf::error& e) {
  const auto& words = e.context();
  return words.match_elements<std::string>() ? words.get_as<std::string>(0) : to_string(e);
}

/// Returns an error that says `why`, for explanation().
inline caf::error refusal(std::string why) {
  return caf::make_error(caf::sec::runtime_error, std::move(why));
}

/// Tells an actor when others, which it watches, have died. A member of the actor's state.
class death_watch {
public:
  /// Calls `on_death` in the context of `self` when `other` terminates, for whatever reason.
  template <class Self, class Handle>
  void watch(Self self, const Handle& other, std::function<void(const caf::error&)> on_death) {
#if CAF_MAJOR_VERSION >= 1
    self->monitor(other, std::move(on_death));
#else
    if (watched_.empty())
      self->set_down_handler([this](caf::down_msg& down) {
        if (auto node = watched_.extract(down.source)) node.mapped()(down.reason);
      });
    watched_.emplace(other.address(), std::move(on_death));
    self->monitor(other);
#endif
  }

#if CAF_MAJOR_VERSION < 1
private:
  std::unordered_map<caf::actor_addr, std::function<void(const caf::error&)>> watched_;
#endif
};

} // namespace troupe
