#include "search/life/judging.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"
#include "store/foreign_trials.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"
#include "store/study_writer.hpp"

#include <stdexcept>
#include <variant>

/// How a writer goes on with a study that another process has begun.
namespace troupe {

std::unique_ptr<study_writer> study_writer::go_on(std::unique_ptr<study_folder> folder,
                                                  const study& begun, durability how,
                                                  const std::function<void(const event&)>& past) {
  const auto layout = folder->layout();
  auto writer = std::make_unique<study_writer>(
      std::move(folder), begun.trial_files.value_or(exists(layout.trials())), how);
  writer->view_.emplace(writer->journal_.database(), begun);
  std::vector<trial_events> of_trials;
  journal_reader reader{writer->journal_};
  while (const auto e = reader.next()) {
    if (const auto* started = std::get_if<event_kind::study_started>(&e->body)) {
      refuse_if_asked(*started, begun, layout);
      refuse_if_changed(*started, begun, layout);
    }
    follow_event(layout.journal(), *e, past);
    writer->view_->restore(*e);
    writer->recall(*e, of_trials);
  }
  for (trial_number n = 0; n < of_trials.size(); ++n)
    writer->make_files_anew(n, of_trials[n]);
  writer->past_its_end_ = true;
  return writer;
}

/// Remembers which trials may go on, and what their files are made of.
void study_writer::recall(const event& e, std::vector<trial_events>& of_trials) {
  if (!e.trial) return;
  if (std::holds_alternative<event_kind::trial_added>(e.body))
    trials_.try_emplace(*e.trial, live_trial{trial_texts{layout_.trial(*e.trial)}, {}});
  if (const auto* ended = std::get_if<event_kind::trial_ended>(&e.body);
      ended && is_settled(ended->state))
    trials_.erase(*e.trial);
  if (!with_trial_files_) return;
  for (auto n = of_trials.size(); n <= *e.trial; ++n)
    of_trials.push_back(std::make_shared<std::vector<event>>());
  of_trials[*e.trial]->push_back(e);
}

/// What is derived may lack what was committed last. Of a trial that goes on the files are made
/// anew in any case: so what has to be known of them is known.
void study_writer::make_files_anew(trial_number n, const trial_events& events) {
  const auto found = trials_.find(n);
  try {
    if (found == trials_.end()) {
      diagnosis d;
      examine_trial_files(layout_, n, events, d);
      for (const auto& f : d.findings)
        f.repair();
      return;
    }
    const auto folder = layout_.trial(n);
    const auto origins = origins_in(folder, reports_in(*events));
    for (const auto* name : {"params.json", "result.json", "progress.csv"})
      remove_file(folder / name);
    auto& files = found->second.files;
    files.emplace(folder, n, std::get<event_kind::trial_added>(events->front().body).config);
    play(*events, origins, *files);
    files->close();
  } catch (const std::runtime_error& e) {
    if (found != trials_.end()) found->second.files.reset();
    if (not_derived_.empty()) not_derived_ = e.what();
  }
}

/// A trial that had ended may go on.
void study_writer::take_up_again(trial_number n) {
  const auto [at, is_forgotten] =
      trials_.try_emplace(n, live_trial{trial_texts{layout_.trial(n)}, {}});
  at->second.has_ended = false;
  if (is_forgotten && with_trial_files_)
    make_files_anew(n, std::make_shared<std::vector<event>>(events_of(journal_, n)));
}

std::vector<known_trial> study_writer::foreign_trials(const study& s) {
  return troupe::foreign_trials(journal_.database(), s);
}

} // namespace troupe
