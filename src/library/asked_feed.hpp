#pragma once

#include "library/callback_feed.hpp"
#include "store/asked_study.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// Tells callbacks of a study whose trials are asked for: of what becomes of it in this process.
/// One without anybody to tell costs nothing.
class asked_feed {
public:
  /// `of` must outlive it; what has been recorded by now is told to nobody.
  asked_feed(asked_study& of, std::vector<study_callbacks> all);

  /// Tells of what has been recorded since. Throws what a callback throws.
  void tell();

private:
  asked_study& study_;
  std::optional<callback_feed> feed_; ///< If there are callbacks.
  std::uint64_t seen_ = 0;
};

} // namespace troupe
