#include "cli/fork_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "store/fork.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/optuna_past.hpp"
#include "store/stored_study.hpp"
#include "study/secrets.hpp"

#include <troupe/errors.hpp>
#include <troupe/study.hpp>

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

/// Returns the study in a folder, changed by `options`.
study changed_study(const study_layout& from, const fork_options& options, const registry& known) {
  const auto s = present_study(existing_journal(from));
  // Whoever goes on with it must have its trainable, and the secrets that are not written down;
  // this need not.
  const bool is_whole = missing_secrets(s.trainable.options).empty();
  const auto* checked = is_whole && known.find(s.trainable.name) ? &known : nullptr;
  return parse_study(to_pretty_text(to_json(s)), from.study_file().string(), options.overrides,
                     checked);
}

/// Takes the folder of the new study. There may be what is left of one that was cut off before it
/// began.
std::unique_ptr<study_folder> take_new(const std::string& out) {
  auto folder = std::make_unique<study_folder>(out, folder_use::go_on);
  if (has_events(folder->layout().journal()))
    throw folder_error{
        fmt::format("{} holds a study already; choose another folder with --out", out)};
  return folder;
}

void say_left_out(std::ostream& err, std::size_t count, std::string_view why) {
  if (count > 0) err << fmt::format("left out: {}: {}\n", count_text(count, "trial"), why);
}

/// Says what has come of it, and how to go on.
int say_outcome(const fork_outcome& done, const std::string& from, const fork_options& options,
                bool trains, std::ostream& err) {
  err << fmt::format("{}: {} of {} known\n", options.out, count_text(done.taken, "trial"), from);
  say_left_out(err, done.unfit, "their configurations are none of the new space");
  say_left_out(err, done.unjudged, "their last report lacks a metric of the new study, or has nan");
  say_left_out(err, done.unended, "they have failed, or not come to their end");
  err << (trains ? fmt::format("go on with: troupe resume {}\n", options.out)
                 : fmt::format("go on with: troupe ask {} --dir {}\n",
                               study_layout{options.out}.study_file().string(), options.out));
  return exit_code::done;
}

int fork_optuna(const fork_options& options, const registry& known, std::ostream& err) {
  auto s = read_study(options.folder, options.overrides, &known);
  const bool trains = !s.trainable.name.empty();
  const auto past = past_of_optuna(*options.optuna, options.study, s);
  const auto done = fork(past, "Optuna: " + *options.optuna, take_new(options.out), std::move(s));
  return say_outcome(done, *options.optuna, options, trains, err);
}

} // namespace

int fork_command(const fork_options& options, const registry& known, std::ostream& err) {
  if (options.optuna) return fork_optuna(options, known, err);
  if (options.study)
    throw std::invalid_argument{"--study says which study of --optuna FILE is meant"};
  const study_layout from{options.folder};
  auto s = changed_study(from, options, known);
  const bool trains = !s.trainable.name.empty();
  const auto done = fork(from, take_new(options.out), std::move(s));
  return say_outcome(done, options.folder, options, trains, err);
}

} // namespace troupe
