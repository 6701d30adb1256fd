#include "search/life/lease_queue.hpp"

#include <utility>

namespace troupe {

void lease_queue::push(std::uint64_t ticket, const resources& amount) {
  waiting_.push_back({ticket, amount});
}

bool lease_queue::cancel(std::uint64_t ticket) {
  return waiting_.remove_if([&](const request& r) { return r.ticket == ticket; }) > 0;
}

std::optional<lease_queue::grant> lease_queue::next(resource_ledger& ledger) {
  for (auto r = waiting_.begin(); r != waiting_.end(); ++r) {
    if (auto lease = ledger.grant(r->amount)) {
      if (r != waiting_.begin()) ++waiting_.front().passed;
      grant granted{r->ticket, std::move(*lease)};
      waiting_.erase(r);
      return granted;
    }
    if (waiting_.front().passed == most_passes) break;
  }
  return std::nullopt;
}

} // namespace troupe
