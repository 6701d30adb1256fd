#include "cli/commands.hpp"
#include "cli/control_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The commands that speak to a study that runs in another process.
namespace troupe {

namespace {

using options_ptr = std::shared_ptr<control_options>;

std::pair<CLI::App*, options_ptr> add_control(CLI::App& app, const std::string& name,
                                              const std::string& about, const std::string& footer,
                                              bool needs_folder) {
  auto o = std::make_shared<control_options>();
  o->program = app.get_name();
  CLI::App* command = app.add_subcommand(name, about);
  command->footer(footer + "\n\nThe study has to run, on this machine and as you: the command "
                           "speaks to it through the socket .control in its results folder.");
  auto* folder = command->add_option("DIR", o->folder, "A results folder");
  folder->type_name("");
  if (needs_folder)
    folder->required();
  else
    folder->description("A results folder [the current folder, or the only study in results/]");
  return {command, std::move(o)};
}

/// What such a command does that needs to be told no more than which study and trial.
void run_with(CLI::App& command, const options_ptr& o, action& chosen,
              int (*run)(const control_options&, std::ostream&)) {
  command.callback([o, &chosen, run] { chosen = [o, run] { return run(*o, std::cerr); }; });
}

void add_pause(CLI::App& app, action& chosen) {
  const auto [pause, o] = add_control(
      app, "pause", "Let a study that runs start nothing more until `continue`",
      "  troupe pause results/NAME\n\n"
      "Trials that run leave with their next checkpoint and give back what they use; one that "
      "makes "
      "no checkpoints runs to its end. time_budget_s goes on. Decisions are the same as without "
      "the pause.",
      false);
  run_with(*pause, o, chosen, pause_command);
}

void add_continue(CLI::App& app, action& chosen) {
  const auto [go_on, o] = add_control(app, "continue", "Let a paused study go on",
                                      "  troupe continue results/NAME", false);
  run_with(*go_on, o, chosen, continue_command);
}

void add_stop(CLI::App& app, action& chosen) {
  const auto [stop, o] = add_control(
      app, "stop", "Stop a study that runs as Ctrl-C does, or one of its trials for good",
      "  troupe stop results/NAME       all of it; `troupe resume` goes on\n"
      "  troupe stop results/NAME 3     one trial; what it has reported counts\n\n"
      "`troupe wait` waits for the end of a study.",
      true);
  stop->add_option("TRIAL", o->trial, "Its number, or its name [the whole study]")->type_name("");
  run_with(*stop, o, chosen, stop_command);
}

void add_retry(CLI::App& app, action& chosen) {
  const auto [retry, o] = add_control(
      app, "retry", "Try a trial again that has failed for good, from its last checkpoint",
      "  troupe retry results/NAME 3\n\n"
      "`troupe resume DIR --retry-failed` does so with all of them, of a study that does not run.",
      true);
  retry->add_option("TRIAL", o->trial, "Its number, or its name")->required()->type_name("");
  run_with(*retry, o, chosen, retry_command);
}

void add_enqueue(CLI::App& app, action& chosen) {
  const auto [enqueue, o] = add_control(
      app, "enqueue", "Let a study that runs try a configuration",
      "  troupe enqueue results/NAME '{\"lr\": 0.01}'\n\n"
      "What the configuration leaves open is drawn. It is one of the trials that num_samples "
      "allows, or one more where all of them are there. Prints its id.",
      true);
  const auto config = std::make_shared<std::string>();
  enqueue->add_option("CONFIG", *config, "Values by parameter, as JSON")->required()->type_name("");
  enqueue->callback([o = o, config, &chosen] {
    chosen = [o, config] { return enqueue_command(*o, *config, std::cout, std::cerr); };
  });
}

void add_change(CLI::App& app, action& chosen) {
  const auto [set, o] = add_control(
      app, "set", "Change how far a study goes that runs",
      "  troupe set results/NAME num_samples=200 max_concurrent=4\n"
      "  troupe set results/NAME max_concurrent=null     as many as fit\n\n"
      "num_samples is the total, not \"more\". What runs goes on. Other limits can be changed on "
      "going on: `troupe resume DIR --set KEY=JSON`.",
      true);
  const auto changes = std::make_shared<std::vector<std::string>>();
  set->add_option("CHANGES", *changes, "KEY=JSON, of num_samples and max_concurrent")
      ->required()
      ->expected(1, -1)
      ->type_name("");
  set->callback([o = o, changes, &chosen] {
    chosen = [o, changes] { return set_command(*o, *changes, std::cerr); };
  });
}

} // namespace

void add_controls(CLI::App& app, action& chosen) {
  add_pause(app, chosen);
  add_continue(app, chosen);
  add_stop(app, chosen);
  add_retry(app, chosen);
  add_enqueue(app, chosen);
  add_change(app, chosen);
}

} // namespace troupe
