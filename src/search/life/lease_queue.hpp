#pragma once

#include "search/life/resource_ledger.hpp"

#include <cstdint>
#include <list>
#include <optional>

namespace troupe {

/// Who waits for a lease. The oldest request goes first. While there is no room for it, younger
/// ones that fit may pass, but only so many: then room is saved until the oldest fits. So nobody
/// waits for ever, if all leases come back in the end.
class lease_queue {
public:
  /// How many requests may pass one that is the oldest.
  static constexpr int most_passes = 16;

  struct grant {
    std::uint64_t ticket = 0;
    troupe::lease lease;
  };

  /// A request waits. `ticket` names it, and is not that of another that waits. What the ledger can
  /// never grant would hold up everybody: check before.
  void push(std::uint64_t ticket, const resources& amount);

  /// Withdraws a request. Returns whether it was waiting.
  bool cancel(std::uint64_t ticket);

  /// Grants the request whose turn it is, out of what `ledger` has; none if nobody's turn has come.
  /// Call it until then whenever a request or room has been added.
  std::optional<grant> next(resource_ledger& ledger);

  bool empty() const noexcept { return waiting_.empty(); }

private:
  struct request {
    std::uint64_t ticket = 0;
    resources amount;
    int passed = 0; ///< How often it was passed while it was the oldest.
  };

  std::list<request> waiting_; ///< Oldest first.
};

} // namespace troupe
