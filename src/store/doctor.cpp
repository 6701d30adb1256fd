#include "store/doctor.hpp"

#include "base/count_text.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/open_to_read.hpp"
#include "store/results_json.hpp"
#include "store/sqlite.hpp"
#include "store/stored_study.hpp"
#include "store/study_lock.hpp"

#include <troupe/errors.hpp>
#include <troupe/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns whether there is more in a folder than empty folders: those of trials come before the
/// first event is in the journal.
bool has_files(const fs::path& folder) {
  std::error_code none;
  return std::ranges::any_of(fs::recursive_directory_iterator{folder, none},
                             [](const fs::directory_entry& e) { return !e.is_directory(); });
}

constexpr auto journal_remedy =
    "it cannot be repaired: put back a copy of study.db; `troupe events` prints what can be read";

class examination {
public:
  explicit examination(const study_layout& layout) : layout_{layout} {}

  diagnosis run(bool in_use) {
    if (!in_use && is_being_replaced()) return std::move(found_);
    check_database();
    if (is_foreign() || never_begun()) return std::move(found_);
    read_study_file();
    const bool whole = sound_ && follow_events();
    if (whole && state_ && !in_use) {
      examine_checkpoints(layout_, *state_, found_);
      examine_leftovers(layout_, state_->next_number(), found_);
      for (trial_number n = 0; n < trials_.size(); ++n)
        examine_trial_files(layout_, n, trials_[n], found_);
      check_summary();
      examine_saved_replay(layout_, found_);
      examine_view(layout_, *study_, found_);
    }
    return std::move(found_);
  }

private:
  void add(const fs::path& where, std::string_view what, std::string remedy) {
    found_.findings.push_back({where.string(), told_of(where, what), std::move(remedy)});
  }

  /// Returns what a message says of `where`, which it may begin with, as one line.
  static std::string told_of(const fs::path& where, std::string_view what) {
    if (const auto name = where.string() + ": "; what.starts_with(name))
      what.remove_prefix(name.size());
    std::string line{what};
    std::ranges::replace(line, '\n', ' ');
    return line;
  }

  void check_database() {
    try {
      auto database = sqlite::open_to_read(layout_.journal());
      sqlite::statement check{database, "PRAGMA integrity_check(1)"};
      while (check.step())
        if (check.text(0) != "ok")
          return refuse_journal(fmt::format("the database is damaged: {}", check.text(0)));
      sound_ = true;
    } catch (const sqlite::error& e) {
      refuse_journal(e.what());
    }
  }

  bool is_being_replaced() {
    if (!is_journal(study_layout{layout_.former()}.journal())) return false;
    found_.findings.push_back({layout_.former().string(),
                               "is a study that was being replaced when the process died",
                               "puts it back, or removes it if the new one has begun", "settled",
                               [l = layout_] { settle(l); }});
    return true;
  }

  /// Whose a database without our mark is, nobody can tell.
  bool is_foreign() {
    const auto file = layout_.journal();
    if (!sound_ || (is_journal(file) && fs::file_size(file) > 0)) return false;
    add(file, "is not the journal of a study, or one that was cut off while it was made",
        "put back a copy of study.db; if there was none, and this is nobody else's, remove it");
    return true;
  }

  /// The journal is made first, then study.json, then the first event.
  bool never_begun() {
    if (!sound_ || fs::exists(layout_.study_file()) || !is_without_events()) return false;
    found_.findings.push_back({layout_.journal().string(),
                               "was left by a run that was cut off before its study began",
                               "removes it", "removed", [l = layout_] { remove_journal(l); }});
    return true;
  }

  bool is_without_events() {
    try {
      return !journal_reader{layout_.journal()}.next();
    } catch (const std::runtime_error&) {
      return false; // follow_events says more
    }
  }

  static void remove_journal(const study_layout& layout) {
    remove_tree(fs::path{layout.study_file()} += ".tmp");
    for (const auto* suffix : {"-wal", "-shm", "-journal", ""})
      remove_tree(fs::path{layout.journal()} += suffix);
  }

  void refuse_journal(std::string_view what) {
    sound_ = false;
    add(layout_.journal(), what, journal_remedy);
  }

  void read_study_file() {
    const auto file = layout_.study_file();
    try {
      study_ = read_study(file);
    } catch (const invalid_study& e) {
      const auto& problem = e.faults().front().problem;
      if (is_of_another_program(e))
        add(file, "is another program's: " + problem, "use the program that began the study");
      else
        add(file, "is damaged or missing: " + problem, "it cannot be made anew: put back a copy");
      return;
    }
    state_.emplace(*study_, study_state::keeps_state::checkpoints);
    with_trial_files_ = study_->trial_files.value_or(fs::exists(layout_.trials()));
  }

  /// Returns whether all events go together, and with study.json.
  bool follow_events() {
    try {
      journal_reader reader{layout_.journal()};
      while (auto e = reader.next())
        if (!follow(std::move(*e))) return false;
    } catch (const std::runtime_error& e) { // journal_error among them
      refuse_journal(e.what());
    }
    if (found_.events == 0 && has_files(layout_.trials()))
      refuse_journal("has no events, though there are trials");
    return sound_;
  }

  bool follow(event e) {
    ++found_.events;
    if (!study_) return true;
    if (const auto* started = std::get_if<event_kind::study_started>(&e.body);
        started && !is_of_this_study(*started))
      return false;
    try {
      state_->apply(e);
    } catch (const std::exception& problem) {
      refuse_study_file(fmt::format("event {} cannot be of this study: {}", e.seq, problem.what()));
      return false;
    }
    note_keeper(e.body);
    found_.trials = state_->next_number();
    if (!with_trial_files_ || !e.trial) return true;
    for (auto n = trials_.size(); n <= *e.trial; ++n)
      trials_.push_back(std::make_shared<std::vector<event>>());
    trials_[*e.trial]->push_back(std::move(e));
    return true;
  }

  bool is_of_this_study(const event_kind::study_started& started) {
    if (is_of(started, *study_)) return is_unchanged(started);
    refuse_study_file(fmt::format(
        "is another study's: it has {} and is called \"{}\", but the journal is that of "
        "\"{}\" with {}",
        count_text(number_of_trials(*study_), "trial"), study_->name, started.name,
        count_text(started.num_samples, "trial")));
    return false;
  }

  bool is_unchanged(const event_kind::study_started& started) {
    try {
      refuse_if_changed(started, *study_, layout_);
      return true;
    } catch (const folder_error& e) {
      refuse_study_file(e.what());
      return false;
    }
  }

  /// Where clients keep the states of trials, as with `troupe ask`, there is no checkpoint, and yet
  /// trials go on where they were.
  void note_keeper(const event_body& body) {
    if (const auto* report = std::get_if<event_kind::trial_reported>(&body))
      has_checkpoints_ = has_checkpoints_ || report->checkpoint.has_value();
    if (const auto* started = std::get_if<event_kind::trial_started>(&body))
      goes_on_ = goes_on_ || started->from_iteration > 0;
  }

  study_results results() const {
    if (has_checkpoints_ || !goes_on_) return state_->results();
    study_state state{*study_, study_state::keeps_state::client};
    auto reader = journal_reader::unchecked(layout_.journal());
    while (const auto e = reader.next())
      state.apply(*e);
    return state.results();
  }

  void refuse_study_file(std::string_view what) {
    add(layout_.study_file(), what, "put back the study.json that study.db belongs to");
  }

  void check_summary() {
    const auto file = layout_.summary();
    const bool exists = fs::exists(file);
    if (!state_->has_ended()) {
      if (exists)
        found_.findings.push_back(superfluous(file, "tells the end of a study that has not ended"));
      return;
    }
    const auto all = results();
    const auto wanted = summary_text(all, tested_before(layout_, all));
    if (has_text(file, wanted)) return;
    found_.findings.push_back(
        {file.string(), exists ? "is not what the journal says" : "is missing", "makes it anew",
         "made anew", [file, wanted] { write_atomically(file, wanted); }});
  }

  study_layout layout_;
  diagnosis found_;
  bool sound_ = false; ///< The database is.
  std::optional<study> study_;
  std::optional<study_state> state_;
  bool with_trial_files_ = false;
  bool has_checkpoints_ = false, goes_on_ = false;
  std::vector<trial_events> trials_; ///< By number, if they have files that are made from events.
};

} // namespace

diagnosis examine(const study_layout& layout, bool in_use) {
  existing_journal(layout);
  try {
    return examination{layout}.run(in_use);
  } catch (const fs::filesystem_error& e) {
    throw folder_error{
        fmt::format("{}: cannot be looked into: {}", layout.root().string(), e.what())};
  }
}

bool is_in_use(const study_layout& layout) {
  return is_held(layout.lock());
}

} // namespace troupe
