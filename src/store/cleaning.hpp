#pragma once

#include "search/life/study_machine.hpp"
#include "store/journal.hpp"
#include "store/optuna_view.hpp"
#include "store/study_folder.hpp"
#include "store/study_layout.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What of a study's folder can go: what a crash has left, and, once the study has ended,
/// checkpoints that nothing goes on from. Those of the best trials stay, and those of trials that
/// the study may take up again.
///
/// It looks at the folder once, when it is made. Nobody may write to the study until it is not
/// needed any more: hold the folder's lock, or only look.
class cleaning {
public:
  /// Looks at the study in a folder. The checkpoints of the `keep_best` best trials stay; if there
  /// are several metrics, and `keep_best` is not 0, those of the Pareto front as well. Throws
  /// folder_error if there is no study or it cannot be looked at, and journal_error or
  /// sqlite::error if its journal cannot be followed.
  cleaning(study_layout layout, std::size_t keep_best);

  /// A file or folder that can go.
  struct item {
    std::filesystem::path where;
    std::uintmax_t bytes = 0;
    std::string why;
    std::function<void()> remove;
  };

  /// Checkpoints that stay.
  struct remainder {
    std::string whose; ///< As in "trial 00003".
    std::size_t checkpoints = 0;
    std::uintmax_t bytes = 0;
    std::string why;
  };

  const std::vector<item>& goes() const noexcept { return goes_; }
  const std::vector<remainder>& stays() const noexcept { return stays_; }

  /// Removes what can go. First the journal says so of every checkpoint that it names, and has that
  /// on the disk: whoever dies in between leaves a study that needs nothing of what is gone, and
  /// the rest to the next. `folder` is the study's, held since before this object was made. Throws
  /// folder_error or sqlite::error for what cannot be written or removed.
  void carry_out(study_folder& folder);

private:
  /// Checkpoints by trial and number, and the trial that goes on from each.
  using borrowers = std::map<std::pair<trial_number, int>, trial_number>;

  void follow_events();
  void refuse_another(const event_kind::study_started& started) const;
  void sort_out(std::size_t keep_best);
  void sort_out(trial_number n, const borrowers& lent);
  void keep_all();
  void find_leftovers();
  remainder remainder_of(trial_number n, std::string why) const;
  std::string reason_to_stay(trial_number n) const;
  void record_losses(study_folder& folder);

  study_layout layout_;
  study study_;
  std::optional<study_machine> machine_; ///< Made once it is known who trains the trials.
  bool was_cleaned_ = false;             ///< The last event tells of a checkpoint that is gone.
  std::vector<event_ptr> said_;          ///< By the machine, and not in the journal yet.
  std::vector<item> goes_;
  std::vector<remainder> stays_;
  std::vector<std::pair<trial_number, int>> lost_; ///< Of goes_, what the journal names.
  std::map<trial_number, std::size_t> best_;       ///< Their ranks, from 1.
};

} // namespace troupe
