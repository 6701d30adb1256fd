#pragma once

#include "store/machine_ledger.hpp"
#include "store/machine_share.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace troupe {

/// What a study has of its machine while this object lives.
struct held_share {
  machine_share share;
  std::optional<machine_lease> lease; ///< None if there is no ledger to enter it in.
};

/// How a study waits for others, and tells a person of it.
struct share_wait {
  std::function<void(std::string_view)> say;

  /// Waits so long; returns false, and at once, when the study is not wanted any more.
  std::function<bool(std::chrono::milliseconds)> pause;
};

/// Takes for the study in `folder` what it asks of the machine, as far as other studies leave that,
/// and says so if it is less than all of it; or waits, holding nothing, until they leave enough.
/// Returns none if the study is not wanted any more. The ledger is that of ledger_folder; if it
/// cannot be used, that is said, and the study has what it asks for.
std::optional<held_share> take_share(const machine_wish& wish, const machine_view& mine,
                                     const std::filesystem::path& folder, const share_wait& how);

} // namespace troupe
