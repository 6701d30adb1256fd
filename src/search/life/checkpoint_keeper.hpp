#pragma once

#include <troupe/study.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// Decides which checkpoints of one trial are kept: those of its `best` best reports and of its
/// `last` last ones, and always the very last, which the trial goes on from after a pause or a
/// failure. Those that another trial would go on from are kept as well. A NaN score is worse than
/// any other; of equal scores the earlier is better.
class checkpoint_keeper {
public:
  checkpoint_keeper(direction mode, std::uint32_t best, std::uint32_t last) noexcept
      : mode_{mode},
        best_{best},
        last_{last > 0 ? last : 1} {}

  /// A report with `score` came with checkpoint `number`; numbers ascend. Returns those that are
  /// not kept any longer.
  std::vector<int> add(int number, double score);

  /// Checkpoint `number`, which is kept, stays until it has been released as often.
  void lend(int number) { lent_.push_back(number); }

  /// Takes back one lend(). Returns those that are not kept any longer.
  std::vector<int> release(int number);

  /// The last of those kept stays, whatever comes after it, until this is called again. Returns
  /// those that are not kept any longer.
  std::vector<int> pin_last();

  /// Returns the number of the one that pin_last() keeps; none before, or when it is lost.
  std::optional<int> pinned() const noexcept { return pinned_; }

  /// Checkpoint `number` is lost: nothing can be kept of it.
  void lose(int number);

  /// Checkpoint `number`, which was not kept any longer, takes the place of later ones that are
  /// lost.
  void take_back(int number, double score) { kept_.push_back({number, score}); }

  /// From now on so many are kept. Takes effect with the next add() or release().
  void keep(std::uint32_t best, std::uint32_t last) noexcept {
    best_ = best;
    last_ = last > 0 ? last : 1;
  }

  /// Returns the numbers of those kept, ascending.
  std::vector<int> kept() const;

  /// Returns the number of the best report's checkpoint among those kept.
  std::optional<int> best() const;

private:
  struct entry {
    int number;
    double score;
  };

  bool better(const entry& a, const entry& b) const noexcept;
  std::optional<entry> last_of_best() const;
  bool is_lent(int number) const noexcept;
  std::vector<int> sweep();

  direction mode_;
  std::uint32_t best_, last_;
  std::vector<entry> kept_; ///< By number.
  std::vector<int> lent_;   ///< As often as they are.
  std::optional<int> pinned_;
};

} // namespace troupe
