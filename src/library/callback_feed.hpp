#pragma once

#include "search/life/study_state.hpp"

#include <troupe/events.hpp>
#include <troupe/plugins.hpp>

#include <optional>
#include <vector>

namespace troupe {

/// Tells callbacks what the events of a study mean. Not thread-safe.
class callback_feed {
public:
  /// `s` as it begins, and `who` keeps states: see study_state.
  callback_feed(const study& s, std::vector<study_callbacks> all,
                study_state::keeps_state who = study_state::keeps_state::checkpoints);

  /// Takes an event that was there before: nobody is told.
  void restore(const event& e);

  /// Takes the next event, and tells of it. Throws what a callback throws.
  void take(const event& e);

private:
  bool improves(const event& e);
  template <class Member, class Told>
  void tell(Member member, const Told& told) const;

  study_state state_;
  std::vector<study_callbacks> all_;
  std::optional<double>
      best_; ///< The least value so far; of a metric to be maximised, its negative.
};

} // namespace troupe
