#pragma once

#include "base/options.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// The searcher `repeater` and its options.
extern const plugin repeater_plugin;

/// Tries each configuration of another searcher `repeat` times, and tells it the mean, as Ray
/// Tune's Repeater: for noisy metrics. To the other searcher each group of repeats is one trial;
/// groups are numbered from 0, without gaps.
///
/// With `set_index`, as is the default, a configuration has the number of the repeat, from 0, as
/// `__trial_index__`: to seed the trial with, say. The mean is that of the last values of all
/// repeats, also of those that the scheduler stopped; repeats that failed, or have NaN in an
/// objective, are left out. If all are, the group has failed. The reports before the last are not
/// passed on.
class repeater final : public searcher {
public:
  /// The parameter that `set_index` adds.
  static constexpr std::string_view index_name = "__trial_index__";

  /// Throws std::invalid_argument for an unknown, missing or wrong option, and as make_wrapped
  /// does.
  explicit repeater(const study& s);

  suggestion suggest(trial_number n) override;

  /// Such a trial is a group of its own.
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override;
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number n, const std::optional<outcome>& last) override;

private:
  /// Repeats of one configuration.
  struct group {
    std::uint32_t size;  ///< How many there are to be.
    std::uint32_t ended; ///< How many have ended.
    std::vector<outcome> outcomes;
  };

  void begin_group(config c);
  /// Trial `n` is the next repeat of the current group.
  void hand_out(trial_number n);

  std::size_t objectives_;
  std::unique_ptr<searcher> inner_;
  std::uint32_t repeat_ = 1;
  bool set_index_ = true;
  config current_; ///< Of the group that is being suggested.
  trial_number current_group_ = 0;
  std::uint32_t handed_ = 0; ///< How many of its repeats have been suggested; 0: a new one is next.
  trial_number groups_ = 0;  ///< How many there have been.
  std::map<trial_number, group> open_;            ///< By their numbers.
  std::map<trial_number, trial_number> group_of_; ///< Of the trials that have not ended.
};

} // namespace troupe
