#pragma once

#include "store/journal.hpp"
#include "store/optuna_view.hpp"
#include "store_kit.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of Optuna's view share.
namespace optuna_kit {

namespace fs = std::filesystem;

/// Returns what `sql` selects from `file`: columns joined by "|", rows by newlines; NULL is empty.
inline std::string selected(const fs::path& file, std::string_view sql, int columns = 1) {
  troupe::sqlite::database db{file, troupe::sqlite::open_mode::read};
  troupe::sqlite::statement select{db, sql};
  std::string text;
  while (select.step()) {
    if (!text.empty()) text += '\n';
    for (int c = 0; c < columns; ++c)
      text += (c ? "|" : "") + std::string{select.text(c)};
  }
  return text;
}

/// Everything that Optuna's tables say.
inline std::string everything(const fs::path& file) {
  return selected(file, "SELECT * FROM studies", 2) + "\n\n" +
         selected(file, "SELECT direction, study_id, objective FROM study_directions", 3) + "\n\n" +
         selected(file, "SELECT study_id, key, value_json FROM study_user_attributes", 3) + "\n\n" +
         selected(file, "SELECT * FROM trials ORDER BY 1", 6) + "\n\n" +
         selected(file,
                  "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params "
                  "ORDER BY 1, 2",
                  4) +
         "\n\n" +
         selected(file,
                  "SELECT trial_id, objective, value, value_type FROM trial_values ORDER BY 1, 2",
                  4) +
         "\n\n" +
         selected(file,
                  "SELECT trial_id, step, intermediate_value, intermediate_value_type FROM "
                  "trial_intermediate_values ORDER BY 1, 2",
                  4) +
         "\n\n" +
         selected(file, "SELECT trial_id, key, value_json FROM trial_user_attributes ORDER BY 1, 2",
                  3) +
         "\n\n" +
         selected(file,
                  "SELECT trial_id, key, value_json FROM trial_system_attributes ORDER BY 1, 2", 3);
}

/// A journal with a view, whose events are numbered by themselves.
class viewed_study {
public:
  viewed_study(const fs::path& file, troupe::study s) : file_{file}, study_{std::move(s)} {
    open();
  }

  void write(const troupe::event& e) {
    journal_->append(e);
    view_->take(e);
  }
  void write(std::optional<troupe::trial_number> trial, troupe::event_body body) {
    write(store_kit::make_event(journal_->last_seq() + 1, trial, std::move(body)));
  }

  /// Adds and starts trial `n`.
  void start(troupe::trial_number n, troupe::config c = {}) {
    write(n, troupe::event_kind::trial_added{std::move(c), 0});
    write(n, troupe::event_kind::trial_started{1, 0, {}});
  }

  void report(troupe::trial_number n, int iteration, troupe::metrics m) {
    write(n, troupe::event_kind::trial_reported{iteration, std::move(m), {}, 0.5, 0.5 * iteration});
  }

  void end(troupe::trial_number n, troupe::trial_state state, std::string reason = {}) {
    write(n, troupe::event_kind::trial_ended{state, std::move(reason)});
  }

  void commit() {
    view_->settle();
    journal_->commit();
  }

  /// Goes on as another process would.
  void reopen() {
    commit();
    close();
    open();
  }

  /// The same, when the file says something else of how far the view has come.
  void reopen_unsettled() {
    close();
    open();
  }

  /// The same, and all rows are written once more.
  void write_anew() {
    commit();
    troupe::optuna_view::write_anew(journal_->database());
    reopen_unsettled();
  }

  void close() {
    view_.reset();
    journal_.reset();
  }

  void open() {
    journal_.emplace(file_);
    view_.emplace(journal_->database(), study_);
    auto reader = troupe::journal_reader::unchecked(file_);
    while (const auto e = reader.next())
      view_->restore(*e);
  }

  /// Changes the file as another program would.
  void meddle(const std::string& sql) {
    commit();
    troupe::sqlite::database{file_, troupe::sqlite::open_mode::write}.execute(sql);
  }

  std::string seen(std::string_view sql, int columns = 1) {
    if (journal_) commit();
    return selected(file_, sql, columns);
  }

  std::string everything() {
    if (journal_) commit();
    return optuna_kit::everything(file_);
  }

private:
  fs::path file_;
  troupe::study study_;
  std::optional<troupe::journal_writer> journal_;
  std::optional<troupe::optuna_view> view_;
};

} // namespace optuna_kit
