#include "store/study_parts.hpp"

#include "store/checkpoint_survey.hpp"
#include "store/stored_study.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

std::unique_ptr<searcher> searcher_of(const study& s, const searcher_maker& make) {
  return make ? make(s) : make_searcher(s);
}

void refuse_another(const study& there, const study& here, const study_layout& layout) {
  const auto what = difference(there, here, identifying_keys());
  if (what.empty()) return;
  throw std::invalid_argument{fmt::format(
      "{} holds another study: {}; this cannot change while it is under way: go on with its own "
      "study file, {}, or begin another in another folder",
      layout.root().string(), what, layout.study_file().string())};
}

} // namespace

study_parts begun_parts(std::unique_ptr<study_folder> folder, const study& s,
                        const searcher_maker& make) {
  study_parts parts;
  parts.searcher = searcher_of(s, make);
  parts.scheduler = make_correctable_scheduler(s);
  parts.course = std::make_unique<study_course>(s, parts.scheduler->lookahead());
  if (folder) parts.writer = study_writer::begin(std::move(folder), s);
  return parts;
}

study_parts resumed_parts(std::unique_ptr<study_folder> folder, const study& s,
                          const searcher_maker& make, bool retry_failed,
                          const std::function<void(const event&)>& past) {
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
    if (past) past(e);
  });
  parts.seen = learns.seen();

  const auto& machine = parts.course->machine();
  auto survey = survey_checkpoints(layout, machine);
  remove_leftovers(layout, machine);
  auto& how = parts.resumption.emplace();
  if (const auto limits = limits_of(s); limits != limits_of(machine.subject())) how.limits = limits;
  how.retry_failed = retry_failed;
  how.found = std::move(survey.found);
  how.lost = std::move(survey.lost);
  return parts;
}

} // namespace troupe
