#include "library/asked_feed.hpp"

#include <utility>

namespace troupe {

asked_feed::asked_feed(asked_study& of, std::vector<study_callbacks> all) : study_{of} {
  if (all.empty()) return;
  feed_.emplace(of.subject(), std::move(all), study_state::keeps_state::client);
  study_.events_after(0, [this](const event& e) {
    feed_->restore(e);
    seen_ = e.seq;
  });
}

void asked_feed::tell() {
  if (!feed_) return;
  study_.events_after(seen_, [this](const event& e) {
    seen_ = e.seq; // told once, whatever it throws
    feed_->take(e);
  });
}

} // namespace troupe
