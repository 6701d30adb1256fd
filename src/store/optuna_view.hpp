#pragma once

#include "base/packed.hpp"
#include "store/optuna_rows.hpp"
#include "study/optuna_distribution.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe {

/// What a journal says, once more in its file as Optuna's storage has it (docs/formats.md, Optuna's
/// view), so that Optuna and its dashboards can open study.db. The journal stays the truth: the
/// view follows it, and nothing is read back from it.
///
/// Other programs may add to these tables what they like, trials and studies among it: the view
/// changes the rows of its own trials only.
///
/// Members throw sqlite::error. One thread at a time; the database must be a journal and outlive
/// the view.
class optuna_view {
public:
  /// Creates the view where it is missing, and catches up with events that it lacks. Call it while
  /// no transaction is open. Throws folder_error if the tables are of an unknown revision, and
  /// journal_error if events cannot be read.
  optuna_view(sqlite::database& db, const study& s);
  optuna_view(const optuna_view&) = delete;
  optuna_view& operator=(const optuna_view&) = delete;

  /// Lets the next view on `db` write all rows of its trials once more, whatever they are now.
  static void write_anew(sqlite::database& db);

  /// Takes the next event, in the transaction in which the journal has it.
  void take(const event& e);

  /// Takes note of an event that the view has already: what an earlier process has written, in
  /// order from the first.
  void restore(const event& e);

  /// Write down what restore() has taken note of, and take it up in another view of the same
  /// journal, in the place of as many calls. The latter throws packed_error.
  /// @{
  void save(packed_writer& out) const { out(live_, study_end_); }
  void load(packed_reader& in) { in(live_, study_end_); }
  /// @}

  /// Writes down how far the view has come. Call it before the journal's commit; if it was not
  /// called, the next view on this file writes the last events once more.
  void settle();

private:
  /// What has to be known of a trial until it has ended.
  struct live_trial {
    std::optional<std::int64_t> id{}; ///< Its trial_id, once it was needed.
    bool has_reason = false;
    bool diverged = false;               ///< It was told to end because a metric was NaN.
    metrics last{};                      ///< Its last report.
    std::optional<config> next_config{}; ///< Set by an exploit until the next start,
    std::optional<config> new_config{};  ///< and from there until the next report.

    template <class Archive, packed_as<live_trial> Trial>
    friend void pack(Archive& a, Trial& t) {
      a(t.id, t.has_reason, t.diverged, t.last, t.next_config, t.new_config);
    }
  };
  struct parameter {
    std::string path;
    std::string attribute; ///< Its name where it is no parameter of Optuna's.
    std::optional<optuna_distribution> distribution;
    const boost::json::value* constant = nullptr; ///< Its value in all trials: not written.
  };

  void open(sqlite::database& db);
  void catch_up(sqlite::database& db);

  void write(const event_kind::trial_added&, trial_number, std::int64_t time_ns);
  void write(const event_kind::trial_started&, trial_number, std::int64_t time_ns);
  void write(const event_kind::trial_reported&, trial_number, std::int64_t time_ns);
  void write(const event_kind::trial_failed&, trial_number, std::int64_t time_ns);
  void write(const event_kind::trial_paused&, trial_number, std::int64_t time_ns);
  void write(const event_kind::trial_ended&, trial_number, std::int64_t time_ns);
  template <class Other>
  void write(const Other&, trial_number, std::int64_t) {} // Optuna has no word for it.

  void remember(const event_kind::trial_started&, live_trial&);
  void remember(const event_kind::trial_reported&, live_trial&);
  void remember(const event_kind::trial_decided&, live_trial&);
  void remember(const event_kind::trial_failed&, live_trial&);
  void remember(const event_kind::trial_paused&, live_trial&);
  void remember(const event_kind::trial_exploited&, live_trial&);
  template <class Other>
  void remember(const Other&, live_trial&) {} // nothing of it is needed later

  std::int64_t id_of(trial_number n);
  void write_parameters(std::int64_t id, const config& c, bool anew);
  void write_text(std::int64_t id, std::string_view key, std::string_view text);

  study study_;
  std::vector<parameter> parameters_;
  std::optional<optuna_rows> rows_;
  std::optional<sqlite::statement> settle_;
  std::unordered_map<trial_number, live_trial> live_;
  std::string study_end_; ///< Why the study was wound up, if that was asked for.
  bool catching_up_ = false;
  std::uint64_t seq_ = 0; ///< Of the last event that the view has.
};

} // namespace troupe
