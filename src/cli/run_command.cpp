#include "cli/run_command.hpp"

#include "base/json.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"
#include "store/study_parts.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// A process that has been killed lets go of its folder when its memory has been given back.
constexpr std::chrono::seconds patience{3};

folder_use use_of(const run_options& options) {
  if (options.resume) return folder_use::go_on;
  return options.overwrite ? folder_use::overwrite : folder_use::fresh;
}

/// Returns the limits within which a study goes on that is begun as `base` says and limited as
/// `now` says: of what the study file says otherwise than it did then, what it says. So what was
/// changed on the way stays changed.
study_limits merged(const study_limits& base, const study_limits& now, const study_limits& file) {
  auto all = now;
  const auto take = [&](auto member) {
    if (file.*member != base.*member) all.*member = file.*member;
  };
  take(&study_limits::num_samples);
  take(&study_limits::per_trial);
  take(&study_limits::per_config);
  take(&study_limits::custom);
  take(&study_limits::max_concurrent);
  take(&study_limits::cpus);
  take(&study_limits::gpus);
  take(&study_limits::time_budget_s);
  take(&study_limits::time_limit_s);
  take(&study_limits::progress_limit_s);
  take(&study_limits::stop);
  take(&study_limits::max_failures);
  take(&study_limits::fail_fast);
  take(&study_limits::keep_best);
  take(&study_limits::keep_last);
  return all;
}

/// Returns study `s` as it goes on in a folder that may have it. Throws std::invalid_argument if
/// the folder has another.
study gone_on_with(study s, const study_layout& layout) {
  const auto journal = present_journal(layout);
  if (!has_events(journal)) return s;
  const auto begun = study_of(journal);
  refuse_another(begun, s, layout);
  const auto base = limits_of(begun);
  return with_limits(s, merged(base, limits_in(journal).value_or(base), limits_of(s)));
}

/// Returns the study that is in a folder, within the limits that it has now, if this program trains
/// its trials.
study study_to_resume(const study_layout& layout, const registry& known) {
  auto s = present_study(layout.journal());
  auto reader = journal_reader::unchecked(layout.journal());
  std::optional<std::string> program;
  if (const auto first = reader.next())
    if (const auto* started = std::get_if<event_kind::study_started>(&first->body)) {
      refuse_if_asked(*started, s, layout);
      refuse_if_changed(*started, stored_study(layout), layout);
      program = started->program;
    }
  if (!known.find(s.trainable.name))
    throw std::invalid_argument{fmt::format(
        "{}: its trials are trained by \"{}\", which this program does not have; go on with the "
        "program that began it{}",
        layout.root().string(), s.trainable.name, program ? ": " + *program : "")};
  return s;
}

} // namespace

int run_command(const run_options& options, const registry& known) {
  study s = read_study(options.file, options.overrides, &known);
  const auto out = options.out.empty() ? fs::path{"results"} / s.name : fs::path{options.out};
  if (options.resume) s = gone_on_with(std::move(s), study_layout{out});
  const run_plan plan{options.how,
                      [&] {
                        return std::make_unique<study_folder>(
                            out, use_of(options),
                            folder_patience{options.resume ? patience : patience.zero()});
                      },
                      options.resume};
  return run_study(std::move(s), plan, known);
}

int resume_command(const resume_options& options, const registry& known) {
  const study_layout layout{options.folder};
  existing_journal(layout, "`troupe run` begins one");
  auto folder = std::make_unique<study_folder>(options.folder, folder_use::go_on,
                                               folder_patience{patience}, "DIR");
  if (!has_events(layout.journal()))
    throw folder_error{
        fmt::format("{} holds a study that was cut off before it began; begin it with "
                    "`troupe run` and --resume",
                    options.folder)};
  const auto present = study_to_resume(layout, known);
  auto s = parse_study(to_pretty_text(to_json(present)), layout.study_file().string(),
                       options.overrides, &known);
  refuse_another(present, s, layout);
  if (s.trial_files != present.trial_files)
    throw std::invalid_argument{"--set trial_files: that was decided when the study was begun"};
  const run_plan plan{options.how, [&] { return std::move(folder); }, true, options.retry_failed};
  return run_study(std::move(s), plan, known);
}

} // namespace troupe
