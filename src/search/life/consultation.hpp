#pragma once

#include <troupe/scheduler.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

/// What a study's course says to its scheduler and its searcher, and what they answer: plain
/// values, which may travel in messages. The functions turn them into calls; no other place does.
namespace troupe {

// -- the scheduler -------------------------------------------------------------------------------

/// A trial with this configuration waits to be chosen.
struct schedule_trial {
  trial_number number = 0;
  troupe::config config;
};

/// An exploit came to nothing: a trial still has this configuration.
struct keep_config {
  trial_number number = 0;
  troupe::config config;
};

/// How a trial left the running or waiting trials.
struct trial_over {
  enum class how : std::uint8_t { completed, failed, removed };
  trial_number number = 0;
  how what = how::completed;
  std::optional<troupe::result> last; ///< Of one that has completed.
};

using scheduler_news = std::variant<schedule_trial, keep_config, trial_over>;

/// What shall trial `number` do after this result?
struct judge_result {
  trial_number number = 0;
  int attempt = 1; ///< The trial's; whoever takes the answer wants it back.
  troupe::result result;
};

/// A slot is free: which trial shall run?
struct choose_trial {};

struct chosen_trial {
  std::optional<trial_number> number; ///< None: nothing wants to run now.
  std::vector<decision> aftermath{};  ///< See scheduler::aftermath.
};

void inform(scheduler& s, const scheduler_news& news);

/// A trial that is told to stop has completed for the scheduler: it need not be told again.
decision consult(scheduler& s, const judge_result& question);

chosen_trial consult(scheduler& s, const choose_trial& question);

// -- the searcher --------------------------------------------------------------------------------

/// Suggest the configuration of trial `number`, as the searcher counts trials: those that it did
/// not suggest have numbers of their own, so that what it enumerates has no gaps.
struct suggest_trial {
  trial_number number = 0;
};

struct suggested_trial {
  troupe::suggestion suggestion;
  std::uint64_t seen = 0; ///< The last event that the searcher knew of.
};

/// What event `seq` tells a searcher: a trial has reported, or has ended, or runs though it was not
/// suggested.
struct searcher_news {
  std::uint64_t seq = 0;
  trial_number number = 0;      ///< As the searcher counts.
  std::optional<int> iteration; ///< Of a report; none: the trial has ended.
  std::optional<troupe::outcome> outcome;
  bool stopped = false;                    ///< It has ended early, though it might have gone on.
  std::optional<troupe::config> adopted{}; ///< Of a trial that somebody else has asked for.
};

/// A searcher, and how much of the study's journal it knows. Does not own the searcher.
class informed_searcher {
public:
  /// `seen`: the last event that it has learned of.
  explicit informed_searcher(searcher& s, std::uint64_t seen = 0) noexcept
      : searcher_{s},
        seen_{seen} {}

  std::uint64_t seen() const noexcept { return seen_; }

  /// It has learned of all events up to this one otherwise.
  void has_seen(std::uint64_t seq) noexcept { seen_ = seq; }

  suggested_trial consult(const suggest_trial& question) {
    return {searcher_.suggest(question.number), seen_};
  }

  void inform(const searcher_news& news);

  /// It has suggested `c` before: see searcher::recall.
  void recall(trial_number n, const config& c) { searcher_.recall(n, c); }

private:
  searcher& searcher_;
  std::uint64_t seen_;
};

} // namespace troupe
