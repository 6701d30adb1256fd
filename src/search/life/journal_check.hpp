#pragma once

#include "base/packed.hpp"

#include <troupe/events.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// The greatest iteration that a report may have: beyond, counting on might overflow.
constexpr int most_iteration = 1'000'000'000;

/// Follows the events of a journal and says where they cannot be those of a study: trials that are
/// not there, reports of a trial that does not run, iterations that go back, checkpoints that were
/// never taken, amounts that are none. Whoever takes over a journal, study_state among them,
/// relies on all that.
///
/// What the study's own file says is not known here: which metrics there are, how many trials.
class journal_check {
public:
  /// Takes the next event, from the first on. Throws std::invalid_argument, saying what is wrong,
  /// and is then as it was before.
  void take(const event& e);

  /// Returns the number of the last event.
  std::uint64_t last_seq() const noexcept { return seq_; }

  /// Writes down what is known, and takes it up in another. Throws packed_error.
  /// @{
  void save(packed_writer& out) const;
  void load(packed_reader& in);
  /// @}

private:
  template <class Archive, class Check>
  static void pack_members(Archive& a, Check& c);
  struct trial_life {
    trial_state state = trial_state::pending;
    /// It runs, and has been told to become this when it returns.
    std::optional<trial_state> ending{};
    int attempt = 0;
    int iterations = 0;   ///< Of its last report, or where it was started from.
    int reached = 0;      ///< The most iterations it may go on from.
    bool repeats = false; ///< When started again, it makes reports that are known once more.
    /// The other trial's checkpoint that it goes on from, reporting anew, until it has its own.
    std::optional<std::pair<trial_number, int>> borrowed{};
    std::vector<int> checkpoints{}; ///< Their iterations, by number.

    template <class Archive, packed_as<trial_life> Life>
    friend void pack(Archive& a, Life& t) {
      a(t.state, t.ending, t.attempt, t.iterations, t.reached, t.repeats, t.borrowed,
        t.checkpoints);
    }
  };

  static bool is_pausing(const trial_life& t);
  trial_life& life_of(const event& e);
  trial_life& waiting(const event& e);
  trial_life& running(const event& e);

  void follow(const event_kind::study_started& body, const event& e);
  void follow(const event_kind::trial_added& body, const event& e);
  void follow(const event_kind::trial_started& body, const event& e);
  void follow(const event_kind::trial_reported& body, const event& e);
  void follow(const event_kind::trial_decided& body, const event& e);
  void follow(const event_kind::trial_failed& body, const event& e);
  void follow(const event_kind::trial_paused& body, const event& e);
  void follow(const event_kind::trial_exploited& body, const event& e);
  void follow(const event_kind::trial_resized& body, const event& e);
  void follow(const event_kind::trial_ended& body, const event& e);
  void follow(const event_kind::study_stopping& body, const event& e);
  void follow(const event_kind::study_ended& body, const event& e);
  void follow(const event_kind::checkpoint_saved& body, const event& e);
  void follow(const event_kind::trial_leased& body, const event& e);
  void follow(const event_kind::study_resumed& body, const event& e);
  void follow(const event_kind::checkpoint_taken& body, const event& e);
  void follow(const event_kind::checkpoint_lost& body, const event& e);
  void follow(const event_kind::choice_asked&, const event&) {}
  void follow(const event_kind::study_paused&, const event& e);
  void follow(const event_kind::study_continued&, const event& e);
  void follow(const event_kind::trial_held& body, const event& e);
  void follow(const event_kind::limits_changed& body, const event& e);
  void follow(const event_kind::trial_retried&, const event& e);
  void try_again(trial_number n);

  std::vector<trial_life> trials_;
  std::uint64_t seq_ = 0;
};

} // namespace troupe
