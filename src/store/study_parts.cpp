#include "store/study_parts.hpp"

#include "store/checkpoint_survey.hpp"
#include "store/stored_study.hpp"
#include "study/direction_word.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

std::unique_ptr<searcher> searcher_of(const study& s, const searcher_maker& make) {
  return make ? make(s) : make_searcher(s);
}

/// By which metric checkpoints are kept.
std::string text_of(const std::optional<objective>& keep_by) {
  if (!keep_by) return "the study's metric";
  return fmt::format("\"{}\" ({})", keep_by->metric, word_of(keep_by->mode));
}

} // namespace

void refuse_another(const study& there, const study& here, const study_layout& layout) {
  auto what = differences_between(there, here, identifying_keys());
  if (there.keep_by != here.keep_by)
    what += (what.empty() ? "keep: by " : "; keep: by ") + text_of(there.keep_by) + " there, by " +
            text_of(here.keep_by) + " here";
  if (there.trial_name != here.trial_name)
    what += fmt::format("{}trial_name: \"{}\" there, \"{}\" here", what.empty() ? "" : "; ",
                        there.trial_name, here.trial_name);
  if (what.empty()) return;
  throw std::invalid_argument{fmt::format(
      "{} holds another study: {}; this cannot change while it is under way: leave it as it is, or "
      "begin another study in another folder",
      layout.root().string(), what)};
}

study_parts begun_parts(std::unique_ptr<study_folder> folder, const study& s,
                        const searcher_maker& make) {
  study_parts parts;
  parts.searcher = searcher_of(s, make);
  parts.scheduler = make_correctable_scheduler(s);
  parts.course = std::make_unique<study_course>(s, parts.scheduler->lookahead(),
                                                folder ? study_machine::keeps_state::checkpoints
                                                       : study_machine::keeps_state::memory);
  if (!folder) return parts;
  parts.course->comes_from(origin_of(as_written(s)));
  parts.writer = study_writer::begin(std::move(folder), s);
  return parts;
}

study_parts resumed_parts(std::unique_ptr<study_folder> folder, const study& s,
                          const searcher_maker& make, const going_on& how) {
  const auto layout = folder->layout();
  const auto begun = stored_study(layout);
  refuse_another(begun, s, layout);

  study_parts parts;
  parts.searcher = searcher_of(s, make);
  parts.scheduler = make_correctable_scheduler(s);
  parts.course = std::make_unique<study_course>(begun, parts.scheduler->lookahead());
  informed_searcher learns{*parts.searcher};
  parts.writer = study_writer::go_on(std::move(folder), begun, s.durability, [&](const event& e) {
    parts.course->restore(e, *parts.scheduler, learns);
    if (how.past) how.past(e);
  });
  parts.seen = learns.seen();

  const auto& machine = parts.course->machine();
  auto survey = survey_checkpoints(layout, machine);
  if (how.warn)
    for (const auto& [n, number] : survey.missed)
      how.warn(fmt::format("{} is missing or damaged: trial {} goes on from what is left",
                           layout.checkpoint(n, number).string(), trial_id(n)));
  remove_leftovers(layout, machine);
  auto& resumption = parts.resumption.emplace();
  if (const auto limits = limits_of(s); limits != limits_of(machine.subject()))
    resumption.limits = limits;
  resumption.retry_failed = how.retry_failed;
  resumption.known = parts.writer->foreign_trials(s);
  resumption.found = std::move(survey.found);
  resumption.lost = std::move(survey.lost);
  return parts;
}

} // namespace troupe
