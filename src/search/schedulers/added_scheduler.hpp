#pragma once

#include "search/schedulers/correctable_scheduler.hpp"

#include <memory>
#include <string>

namespace troupe {

/// A scheduler that a program has added. It knows nothing of corrections, and needs none as long as
/// it decides the same after the same calls.
class added_scheduler final : public correctable_scheduler {
public:
  /// Throws std::invalid_argument if there is none.
  added_scheduler(std::string name, std::unique_ptr<scheduler> own);

  void configured(trial_number n, const config& c) override { own_->configured(n, c); }
  void added(trial_number n) override { own_->added(n); }
  decision reported(trial_number n, const result& r) override { return own_->reported(n, r); }
  void completed(trial_number n, const std::optional<result>& last) override {
    own_->completed(n, last);
  }
  void failed(trial_number n) override { own_->failed(n); }
  void removed(trial_number n) override { own_->removed(n); }
  std::optional<trial_number> choose() override { return own_->choose(); }
  std::vector<decision> aftermath() override { return own_->aftermath(); }
  std::size_t lookahead() const noexcept override { return own_->lookahead(); }

  /// Throws std::invalid_argument: the scheduler has decided otherwise than it did.
  void correct(trial_number n, trial_state state) override;

private:
  std::string name_;
  std::unique_ptr<scheduler> own_;
};

} // namespace troupe
