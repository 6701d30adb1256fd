#include "cli/run_command.hpp"

#include "base/json.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

folder_use use_of(const run_options& options) {
  if (options.resume) return folder_use::go_on;
  return options.overwrite ? folder_use::overwrite : folder_use::fresh;
}

/// Returns the study that is in a folder, within the limits that it has now.
study present_study(const study_layout& layout, const registry& known) {
  auto s = stored_study(layout);
  if (!known.find(s.trainable.name))
    throw std::invalid_argument{fmt::format(
        "{}: its trials are trained by \"{}\", which this program does not have; go on with the "
        "program that began it",
        layout.root().string(), s.trainable.name)};
  if (const auto limits = limits_in(layout.journal())) s = with_limits(std::move(s), *limits);
  return s;
}

} // namespace

int run_command(const run_options& options, const registry& known) {
  study s = read_study(options.file, options.overrides, &known);
  const auto out = options.out.empty() ? fs::path{"results"} / s.name : fs::path{options.out};
  const run_plan plan{options.how,
                      [&] { return std::make_unique<study_folder>(out, use_of(options)); },
                      options.resume};
  return run_study(std::move(s), plan, known);
}

int resume_command(const resume_options& options, const registry& known) {
  const study_layout layout{options.folder};
  if (!fs::exists(present_journal(layout)))
    throw folder_error{fmt::format("{} holds no study: there is no {}; `troupe run` begins one",
                                   options.folder, layout.journal().string())};
  auto folder =
      std::make_unique<study_folder>(options.folder, folder_use::go_on, folder_patience{}, "DIR");
  if (!has_events(layout.journal()))
    throw folder_error{
        fmt::format("{} holds a study that was cut off before it began; begin it with "
                    "`troupe run` and --resume",
                    options.folder)};
  const auto before = to_pretty_text(to_json(present_study(layout, known)));
  auto s = parse_study(before, layout.study_file().string(), options.overrides, &known);
  const run_plan plan{options.how, [&] { return std::move(folder); }, true, options.retry_failed};
  return run_study(std::move(s), plan, known);
}

} // namespace troupe
