#include "cli/commands.hpp"
#include "cli/looking.hpp"
#include "cli/meant_study.hpp"
#include "cli/watch_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

/// The commands that look at a study.
namespace troupe {

namespace {

/// Adds the folder, which may be left out: see meant_study().
void add_folder(CLI::App& command, std::optional<std::filesystem::path>& folder) {
  command
      .add_option("DIR", folder,
                  "A results folder [the current folder, or the only study in results/]")
      ->type_name("");
}

/// Adds the folder, which what follows needs.
void add_needed_folder(CLI::App& command, look_options& o) {
  command.add_option("DIR", o.folder, "A results folder")->required()->type_name("");
}

} // namespace

void add_status(CLI::App& app, action& chosen) {
  struct status_options : look_options {
    bool watch = false;
  };
  const auto o = std::make_shared<status_options>();
  CLI::App& status = *app.add_subcommand("status", "Say how far a study is, whoever runs it");
  status.footer("  troupe status results/NAME\n"
                "  troupe status results/NAME --watch\n"
                "  troupe status results/NAME -f value --columns state,done,trials");
  add_folder(status, o->folder);
  add_listing(status, o->listing);
  status.add_flag("--watch", o->watch, "Show it as `run` does, until it has ended")
      ->excludes("--format")
      ->excludes("--columns");
  status.callback([o, &chosen] {
    chosen = [o] {
      return o->watch ? watch_command(meant_study(o->folder, std::cerr))
                      : status_command(*o, std::cout, std::cerr);
    };
  });
}

void add_best(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<look_options>();
  CLI::App& best = *app.add_subcommand(
      "best", "Print the best trial; with several objectives, those that no other dominates");
  best.footer("  troupe best results/NAME\n"
              "  troupe best results/NAME -f value --columns checkpoint\n"
              "  troupe best results/NAME -f json\n\n"
              "Exit code 1 if no trial has succeeded.");
  add_folder(best, o->folder);
  add_listing(best, o->listing);
  best.callback([o, &chosen] { chosen = [o] { return best_command(*o, std::cout, std::cerr); }; });
}

void add_trials(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<trials_options>();
  CLI::App& trials = *app.add_subcommand("trials", "List a study's trials");
  trials.footer(
      "  troupe trials results/NAME --sort loss -n 5\n"
      "  troupe trials results/NAME --where 'lr < 0.01 and state = stopped'\n"
      "  troupe trials results/NAME -f csv > trials.csv\n\n"
      "Columns: id, state, the study's parameters and metrics by their names (config/NAME and "
      "metrics/NAME where both have it), iterations, wall_s, reason, and when they are named "
      "reason_kind and checkpoint. --where compares them by = != < <= > >= and ~ (contains), "
      "joined by not, and, or.");
  add_folder(trials, o->folder);
  trials.add_option("--where", o->where, "Those that fit alone: a condition")->type_name("TEXT");
  trials
      .add_option("--sort", o->sort, "In the order of a column; -COLUMN: the greatest first [id]")
      ->type_name("COLUMN");
  trials.add_option("-n", o->most, "So many of the first alone [all]")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{4'000'000'000}))
      ->type_name("N");
  add_listing(trials, o->listing);
  trials.callback(
      [o, &chosen] { chosen = [o] { return trials_command(*o, std::cout, std::cerr); }; });
}

void add_show(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<show_options>();
  CLI::App& show = *app.add_subcommand(
      "show", "Print all that is known of a trial: its curve, what was decided about it, and why");
  show.footer("  troupe show results/NAME 3\n"
              "  troupe show results/NAME 3 -f csv     its reports\n"
              "  troupe show results/NAME 3 -f json    everything");
  add_needed_folder(show, *o);
  show.add_option("TRIAL", o->trial, "Its number, or its name")->required()->type_name("");
  add_listing(show, o->listing);
  show.callback([o, &chosen] { chosen = [o] { return show_command(*o, std::cout, std::cerr); }; });
}

void add_compare(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<comparison_options>();
  CLI::App& compare =
      *app.add_subcommand("compare", "Print in what trials differ, and nothing else");
  compare.footer("  troupe compare results/NAME 3 7 12");
  add_needed_folder(compare, *o);
  compare.add_option("TRIALS", o->trials, "Their numbers, or names")
      ->required()
      ->expected(2, -1)
      ->type_name("");
  add_listing(compare, o->listing);
  compare.callback(
      [o, &chosen] { chosen = [o] { return compare_command(*o, std::cout, std::cerr); }; });
}

void add_importance(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<look_options>();
  CLI::App& importance = *app.add_subcommand(
      "importance", "Say which parameters mattered for being among the best tenth of the trials");
  importance.footer("Shares of 1, by PED-ANOVA, as Optuna's get_param_importances() has them.");
  add_folder(importance, o->folder);
  add_listing(importance, o->listing);
  importance.callback(
      [o, &chosen] { chosen = [o] { return importance_command(*o, std::cout, std::cerr); }; });
}

void add_wait(CLI::App& app, action& chosen) {
  const auto folder = std::make_shared<std::optional<std::filesystem::path>>();
  CLI::App& wait = *app.add_subcommand("wait", "Wait until a study has ended that somebody runs");
  wait.footer("  troupe wait results/NAME && troupe best results/NAME\n\n"
              "The exit code is that of the run; 130 if the study can go on.");
  add_folder(wait, *folder);
  wait.callback(
      [folder, &chosen] { chosen = [folder] { return wait_command(*folder, std::cerr); }; });
}

void add_report(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<report_options>();
  CLI::App& report = *app.add_subcommand(
      "report", "Write a page about a study, for any browser: curves, parameters, times, trials");
  report.footer("  troupe report results/NAME -o report.html\n\n"
                "One file that needs no network: to be mailed, or kept with the results.");
  add_folder(report, o->folder);
  report.add_option("-o,--output", o->file, "The file; - is standard output [report.html]")
      ->type_name("FILE");
  report.callback(
      [o, &chosen] { chosen = [o] { return report_command(*o, std::cout, std::cerr); }; });
}

void add_logs(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<logs_options>();
  CLI::App& logs = *app.add_subcommand("logs", "Print what a trial has printed");
  logs.footer("  troupe logs results/NAME 3 -f");
  logs.add_option("DIR", o->folder, "A results folder")->required()->type_name("");
  logs.add_option("TRIAL", o->trial, "Its number, or its name")->required()->type_name("");
  logs.add_flag("-f,--follow", o->follow, "Go on until the trial has ended");
  logs.callback([o, &chosen] { chosen = [o] { return logs_command(*o, std::cout, std::cerr); }; });
}

} // namespace troupe
