#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace troupe {

/// Those who watch a study, and the events that they may not see yet.
class audience {
public:
  audience(controller_actor::pointer self, std::vector<subscriber_actor> subscribers)
      : self_{self},
        subscribers_{std::move(subscribers)} {}

  void join(subscriber_actor s) { subscribers_.push_back(std::move(s)); }

  /// The study's next event is to be shown in its turn.
  void hold(event_ptr e) { held_.push_back(std::move(e)); }

  /// Shows the events up to `seq`, in order.
  void show(std::uint64_t seq) {
    for (; !held_.empty() && held_.front()->seq <= seq; held_.pop_front())
      tell(*held_.front());
  }

  /// Tells all of them something.
  template <class News>
  void tell(const News& news) {
    for (const auto& s : subscribers_)
      troupe::tell(self_, s, news);
  }

private:
  controller_actor::pointer self_;
  std::vector<subscriber_actor> subscribers_;
  std::deque<event_ptr> held_;
};

} // namespace troupe
