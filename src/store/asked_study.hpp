#pragma once

#include "search/life/direct_course.hpp"
#include "store/journal.hpp"
#include "store/optuna_view.hpp"
#include "store/study_folder.hpp"

#include <troupe/study.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// A study whose trials are trained by whoever asks for them (`troupe ask`, `troupe tell`). All of
/// it is in its results folder: each object takes the folder, rebuilds the study from its journal,
/// and what a member returns is on disk.
///
/// Members throw folder_error if the folder cannot be used, and invalid_argument for what the study
/// does not know or expect. One that has thrown is of no use any more.
class asked_study {
public:
  /// Hears, once and in a sentence, whom the folder is waited for, if that takes longer than a
  /// second. May be empty.
  using listener = std::function<void(std::string_view)>;

  /// Takes `folder` for study `s`, beginning it if the folder is empty. Throws invalid_argument if
  /// the folder has a study that decides otherwise: with another space, metric, searcher, scheduler
  /// or seed. Of another num_samples, max_concurrent and resources, those of `s` hold; for the rest
  /// see kept_keys().
  asked_study(const std::filesystem::path& folder, const study& s, const listener& say = {});

  /// Takes the study that is in `folder`.
  explicit asked_study(const std::filesystem::path& folder, const listener& say = {});

  /// Returns the keys of a study file in which `s` differs from the study that was in the folder,
  /// but which stay as they were there.
  const std::vector<std::string>& kept_keys() const noexcept { return kept_keys_; }

  /// A trial to train.
  struct trial {
    trial_number number = 0;
    config params;
    int from_iteration = 0; ///< Reports made before; it goes on from there.
  };

  /// Returns a trial to train; none if nothing is left to be asked for, or not now. With a
  /// `client`, the trial that it has open, if it has one.
  using answer = std::variant<trial, not_now, exhausted>;
  answer ask(const std::optional<std::string>& client);

  /// The trial that `ask` has just returned has not reached whoever asked: it may be asked for
  /// again, by anybody. A trial that its client has had open before stays the client's.
  void give_back();

  /// Trial `n` has ended by itself with these values, one per objective and constraint.
  void tell(trial_number n, const std::vector<double>& values);

  /// A running trial's report.
  struct decided {
    troupe::verdict verdict;
    std::string reason; ///< Why, if not to proceed.
  };

  /// Trial `n` has reported these values at `step`, which must come after its last; returns what it
  /// is to do.
  decided tell_step(trial_number n, const std::vector<double>& values, int step);

  /// Trial `n` has failed; returns whether it will be tried again.
  bool fail(trial_number n, const std::string& why);

private:
  void restore(const event& e);
  void record(const event& e);
  void note(const event& e);
  void take_over();
  study gone_on_with(const study& s);
  bool may_come_back() const;
  int running(trial_number n) const;
  metrics named(const std::vector<double>& values) const;
  double seconds_since_last(trial_number n) const;
  void commit();
  void write_summary();

  std::unique_ptr<study_folder> folder_;
  std::vector<std::string> kept_keys_;
  study study_;
  std::unique_ptr<correctable_scheduler> scheduler_;
  std::unique_ptr<searcher> searcher_;
  journal_writer journal_;
  std::optional<optuna_view> view_; ///< Made once the journal is known to be this study's.
  direct_course course_;
  std::vector<std::optional<std::string>> clients_; ///< By trial: who has it open.
  std::vector<std::int64_t> heard_ns_;              ///< By trial: when it began or last reported.
  std::uint64_t leases_ = 0;
  bool over_ = false;                 ///< The last event says that the study has ended.
  std::optional<trial_number> taken_; ///< By the last `ask`.
};

} // namespace troupe
