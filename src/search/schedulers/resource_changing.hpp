#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/resource_shares.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The scheduler `resource_changing` and its options.
extern const plugin resource_changing_plugin;

/// Says why trials of this study, which has that scheduler, cannot be given its unit; empty if they
/// can.
std::string wrong_unit(const study& s);

/// Returns the study as the scheduler sees it that `resource_changing` wraps.
study wrapped_study(const study& s);

/// Shares out free resources among the live trials while another scheduler decides which of them
/// run, as Ray Tune's ResourceChangingScheduler with DistributeResources: a trial that may go on
/// pauses if it is due another amount, and goes on with that. See resource_shares.
///
/// A trial that waits counts with what it will have, and gets less when it is chosen if others have
/// come meanwhile; one that has failed does not count until it is added again, with what it had.
class resource_changing final : public correctable_scheduler {
public:
  /// Throws std::invalid_argument as option_values::of does, for a wrong unit, and if the study
  /// does not say how much it may use.
  explicit resource_changing(const study& s);

  void configured(trial_number n, const config& c) override { base_->configured(n, c); }
  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override;
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override;
  std::vector<decision> aftermath() override;
  void correct(trial_number n, trial_state state) override;
  std::size_t lookahead() const noexcept override { return base_->lookahead(); }

private:
  struct share {
    std::uint32_t units = 0;
    std::optional<std::uint32_t> next; ///< While it is paused to get another.
    bool live = false;
  };

  void enter(share& t);
  void leave(share& t);
  /// Sets the units that a live trial has, or will have.
  void set(share& t, std::uint32_t units, std::optional<std::uint32_t> next);

  std::unique_ptr<correctable_scheduler> base_;
  resource_shares shares_;
  std::unordered_map<trial_number, share> trials_;
  std::size_t live_ = 0;
  std::uint64_t given_ = 0;     ///< Units of all live trials.
  std::vector<resize> resized_; ///< For aftermath().
};

} // namespace troupe
