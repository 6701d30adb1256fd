#pragma once

#include <troupe/resources.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe {

/// Who has how much of the machine. Amounts are rounded to 1/10000 and then exact, so nothing gets
/// lost by sharing.
///
/// A GPU fraction comes from a single device, the fullest that still has room for it; whole GPUs
/// are devices that nobody else uses. Of equal devices the one with the lowest index is taken.
class resource_ledger {
public:
  /// Throws std::invalid_argument if there is less than nothing of something.
  explicit resource_ledger(const capacity& total);

  /// Returns whether `amount` could be granted if nobody had anything: nothing in it is negative or
  /// NaN, more than one GPU is a whole number, and the machine is large enough.
  bool can_ever_grant(const resources& amount) const;

  /// Returns what keeps `amount` from ever being granted: which resource, how much of it is asked
  /// for, how much there is. Empty if nothing does.
  std::string why_never(const resources& amount) const;

  /// Returns how many leases of `amount` there can be at once if nobody has anything else; the
  /// largest uint64 if nothing is asked for.
  std::uint64_t most_at_once(const resources& amount) const;

  /// Takes `amount` off what is free; none if that is not enough. Leases are numbered from 1.
  std::optional<lease> grant(const resources& amount);

  /// Gives a lease back. Throws std::invalid_argument if nobody has it.
  void release(std::uint64_t id);

private:
  using units = std::int64_t; ///< 1/10000 of a CPU, a GPU, a gigabyte.

  struct amounts {
    units cpu = 0;
    units gpu = 0;
    units memory = 0;
    std::map<std::string, units> custom{};
  };

  struct holding {
    amounts amount;
    std::vector<int> gpus;
  };

  static std::optional<units> to_units(double amount) noexcept;
  static std::optional<amounts> to_units(const resources& amount);

  std::vector<int> pick_devices(units gpu) const;
  /// Adds what `h` holds to what is free (`sign` 1), or takes it off (-1).
  void move(const holding& h, units sign);

  amounts total_;
  units free_cpu_;
  units free_memory_;
  std::map<std::string, units> free_custom_; ///< By name: all that there is any of.
  std::vector<units> free_gpu_;              ///< By device.
  std::unordered_map<std::uint64_t, holding> held_;
  std::uint64_t last_id_ = 0;
};

} // namespace troupe
