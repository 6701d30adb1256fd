#pragma once

#include "base/packed.hpp"

#include <troupe/events.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// For how long whoever holds a trial may be silent.
struct holding_lease {
  std::string token; ///< By which its holder is known.
  double seconds = 0;
  std::int64_t from_ns = 0; ///< When it was given, or its holder last renewed it or reported.

  /// When it runs out. If the clock is set back meanwhile, that is as much later, not earlier.
  std::int64_t until_ns() const noexcept;

  /// Returns for how many seconds nothing has been heard of its holder.
  double silent_s(std::int64_t now_ns) const noexcept;

  bool ran_out(std::int64_t now_ns) const noexcept { return now_ns > until_ns(); }
};

/// Who has a trial open.
struct trial_holder {
  std::optional<std::string> client;
  std::int64_t since_ns = 0;               ///< When it was handed out.
  std::int64_t heard_ns = 0;               ///< When it was, or when it last reported.
  std::optional<holding_lease> lease = {}; ///< None: it may be silent for ever.
};

template <class Archive, packed_as<holding_lease> Lease>
void pack(Archive& a, Lease& l) {
  a(l.token, l.seconds, l.from_ns);
}

template <class Archive, packed_as<trial_holder> Holder>
void pack(Archive& a, Holder& h) {
  a(h.client, h.since_ns, h.heard_ns, h.lease);
}

/// Returns what a holder is called in messages: client "a".
std::string name_of(const trial_holder& holder);

/// Who has which trials of an asked study open, as its events say. All times are those of the
/// events: Unix times in nanoseconds.
class trial_holders {
public:
  /// Takes the next event of the journal.
  void take(const event& e);

  /// Writes down who has which, and takes it up in another. Throws packed_error.
  /// @{
  void save(packed_writer& out) const { out(open_, last_amount_); }
  void load(packed_reader& in) { in(open_, last_amount_); }
  /// @}

  /// Returns all trials that are open, in their order.
  const std::map<trial_number, trial_holder>& all() const noexcept { return open_; }

  /// Returns who has trial `n` open; null if nobody has.
  const trial_holder* of(trial_number n) const;

  /// Returns the trial that `client` has open, the first of several.
  std::optional<trial_number> held_by(const std::string& client) const;

  /// Returns whether one of the open trials is under a lease.
  bool any_lease() const;

  /// Returns when the next lease runs out, if no more is heard of its holder; none if there is
  /// none.
  std::optional<std::int64_t> next_to_run_out() const;

  /// Returns the trials whose leases have run out.
  std::vector<trial_number> ran_out(std::int64_t now_ns) const;

  /// Returns the greatest id of the amounts that trials have been started with.
  std::uint64_t last_amount() const noexcept { return last_amount_; }

private:
  void take(const event_kind::trial_started& e, trial_number n, std::int64_t now);
  void take(const event_kind::trial_leased& e, trial_number n, std::int64_t now);
  void take(const event_kind::trial_reported& e, trial_number n, std::int64_t now);
  void take(const event_kind::trial_failed& e, trial_number n, std::int64_t now);
  void take(const event_kind::trial_paused& e, trial_number n, std::int64_t now);
  void take(const event_kind::trial_ended& e, trial_number n, std::int64_t now);
  template <class Other>
  void take(const Other&, trial_number, std::int64_t) {} // changes nothing about who has it

  std::map<trial_number, trial_holder> open_;
  std::uint64_t last_amount_ = 0;
};

} // namespace troupe
