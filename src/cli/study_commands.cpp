#include "base/json.hpp"
#include "cli/command_options.hpp"
#include "cli/commands.hpp"
#include "cli/fork_command.hpp"
#include "cli/preview_command.hpp"
#include "cli/run_command.hpp"
#include "cli/simulate_command.hpp"
#include "search/simulation/parametric_curves.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>
#include <memory>

/// The commands that take a study file and do, or foretell, all of it.
namespace troupe {

namespace {

std::string described(std::string_view title, const std::vector<parameter>& parameters) {
  std::string text;
  for (const parameter& p : parameters)
    text += fmt::format("\n  {} {}{}{}{}", title, p.name, p.help.empty() ? "" : ": ", p.help,
                        !p.fallback             ? " (needed)"
                        : p.fallback->is_null() ? ""
                                                : fmt::format(" [{}]", to_text(*p.fallback)));
  return text;
}

/// Returns what a study file may say about each trainable.
std::string describe_trainables(const registry& known) {
  std::string text;
  for (const std::string& name : known.names()) {
    const trainable& t = *known.find(name);
    text += fmt::format("Trainable \"{}\"{}{}", name, t.help.empty() ? "" : ": ", t.help) +
            described("parameter", t.parameters) + described("option", t.options);
    if (!t.metrics.empty()) text += fmt::format("\n  reports {}", fmt::join(t.metrics, ", "));
    text += '\n';
  }
  return text;
}

/// Returns what --help says about simulate below its options.
std::string about_simulation() {
  std::string text =
      "The study's own scheduler and searcher decide, only the training is replaced: by curves "
      "from "
      "formulas that fit any search space, or by what the trials of a former study reported. Try "
      "schedulers on it before they cost hours:\n\n"
      "  troupe simulate STUDY.json --trials 64 --workers 8 --curve crossing\n"
      "  troupe simulate STUDY.json --trials 64 --workers 8 --curve crossing --set "
      "'scheduler={\"name\": \"asha\", \"max_t\": 81}'\n\nFamilies of curves (docs/simulate.md has "
      "the formulas):\n";
  for (const auto& family : curve_families())
    text += fmt::format("  {:<12} {}\n", family.name, family.about);
  return text + "A trial has as many epochs as the study's stop rule for training_iteration says, "
                "else the "
                "scheduler's max_t, else 100. The study file needs no trainable.";
}

/// Adds what the commands that train have in common.
void add_style(CLI::App& command, run_style& how) {
  how.program = command.get_parent()->get_name();
  command
      .add_option("--data-dir", how.data_dir, "Where data sets are, or are downloaded to [data]")
      ->type_name("DIR");
  command.add_option("--device", how.device, "cpu, cuda or cuda:N [as the study's resources say]")
      ->type_name("DEVICE");
  command.add_flag("--json", how.json, "Print the results as one JSON object instead of a table");
  command.add_flag("--events", how.events,
                   "Print every event as a line of JSON while the study runs");
}

/// Adds short forms of --set for what limits a study.
void add_limits(CLI::App& command, std::vector<std::string>& overrides) {
  add_short_set(command, overrides, "--num-samples", "num_samples",
                "Number of samples in all, each one trial or a whole grid");
  add_short_set(command, overrides, "--time-budget", "time_budget_s",
                "Seconds that the study may take in all");
  add_short_set(command, overrides, "--max-concurrent", "max_concurrent", "Trials at once");
  add_short_set(command, overrides, "--cpus", "cpus",
                "CPUs that the study may use [what other studies leave of the machine]");
  add_short_set(command, overrides, "--gpus", "gpus",
                "GPUs that the study may use [what other studies leave of the machine]");
}

} // namespace

void add_run(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<run_options>();
  CLI::App& run =
      *app.add_subcommand("run", "Run a study: train its trials, show them, keep what they report");
  run.footer(describe_trainables(known));
  add_study(run, o->file, o->overrides);
  add_limits(run, o->overrides);
  add_short_set(run, o->overrides, "--scope", "scope",
                "Which report is a trial's best: last, avg, last-5-avg, last-10-avg, all");
  add_style(run, o->how);
  run.add_option("--out", o->out, "Results folder [results/NAME]")
      ->type_name("DIR")
      ->each([](const std::string& folder) {
        if (folder.empty()) throw CLI::ValidationError{"--out", "names no folder: it is empty"};
      });
  auto* overwrite =
      run.add_flag("--overwrite", o->overwrite, "Replace the study that is in the results folder");
  run.add_flag("--resume", o->resume,
               "Go on with the study if it is in the results folder already, else begin it")
      ->excludes(overwrite);
  run.callback([o, &known, &chosen] { chosen = [o, &known] { return run_command(*o, known); }; });
}

void add_resume(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<resume_options>();
  CLI::App& resume =
      *app.add_subcommand("resume", "Go on with a study where it was, whatever has stopped it");
  resume.footer(
      "After Ctrl-C, a kill or a power cut: what was trained stays, trials that were running go on "
      "from their last checkpoint, and searcher, scheduler and budget are as if nothing had "
      "happened. A study that has ended goes on if it may get more trials:\n\n"
      "  troupe resume results/NAME\n"
      "  troupe resume results/NAME --num-samples 40\n"
      "  troupe resume results/NAME --set 'stop={\"loss\": 0.1}'\n\n"
      "How far a study goes may be changed: num_samples, time_budget_s, time_limit_s, "
      "progress_limit_s, max_concurrent, cpus, gpus, resources, custom, stop, max_failures, "
      "fail_fast, keep. What would make it another study may not.");
  resume.add_option("DIR", o->folder, "The study's results folder")->required()->type_name("");
  add_set(resume, o->overrides, "Change a limit: KEY=JSON, as in max_failures=2; may be repeated");
  add_limits(resume, o->overrides);
  resume.add_flag("--retry-failed", o->retry_failed,
                  "Try trials again that have failed for good, from their last checkpoint");
  add_style(resume, o->how);
  resume.callback(
      [o, &known, &chosen] { chosen = [o, &known] { return resume_command(*o, known); }; });
}

void add_fork(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<fork_options>();
  CLI::App& fork = *app.add_subcommand(
      "fork", "Begin another study with what a former one has found out as known results");
  fork.footer(
      "The new study has the former one's file, but for what --set changes: the space, the "
      "searcher, the metric, whatever. Its searcher learns from the former trials that have "
      "ended well. Nothing is trained yet:\n\n"
      "  troupe fork results/NAME --out results/NEW --set 'searcher={\"name\": \"tpe\"}'\n"
      "  troupe fork --optuna optuna.db STUDY.json --out results/NEW\n"
      "  troupe resume results/NEW\n\n"
      "With --optuna the past is a study of Optuna's, and what stands before --out the new one's "
      "file, whose parameters bear the same names: trials that have completed are known.");
  fork.add_option("DIR", o->folder,
                  "The former study's results folder; with --optuna, the new one's study file")
      ->required()
      ->type_name("");
  auto* optuna = fork.add_option("--optuna", o->optuna, "A file of Optuna's storage (SQLite)")
                     ->type_name("FILE");
  fork.add_option("--study", o->study, "Which study of that file [the only one]")
      ->needs(optuna)
      ->type_name("NAME");
  fork.add_option("--out", o->out, "The new study's results folder")->required()->type_name("DIR");
  add_set(
      fork, o->overrides,
      "Change a value of the study: KEY=JSON, as in space/lr='{\"loguniform\": [1e-4, 1]}'; may "
      "be repeated");
  fork.callback([o, &known, &chosen] {
    chosen = [o, &known] { return fork_command(*o, known, std::cerr); };
  });
}

void add_preview(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<preview_options>();
  CLI::App& preview = *app.add_subcommand(
      "preview", "Show what a study would run, and how much of that is certain beforehand");
  preview.footer(
      "Nothing is trained or written. The study file needs no trainable; if it names one "
      "that this program has, its parameters are checked.");
  add_study(preview, o->file, o->overrides);
  preview.add_flag("--json", o->json, "Print one JSON object instead of a summary");
  preview.callback([o, &known, &chosen] {
    chosen = [o, &known] { return preview_command(*o, known, std::cout); };
  });
}

void add_simulate(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<simulate_options>();
  CLI::App& simulate = *app.add_subcommand(
      "simulate",
      "Run a study in virtual time, without training: what would a scheduler make of it?");
  simulate.footer(about_simulation());
  add_study(simulate, o->file, o->overrides);
  simulate
      .add_option("--trials", o->trials,
                  "Number of trials [as many as the study or the journal has]")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{4'000'000'000}))
      ->type_name("N");
  simulate.add_option("--workers", o->workers, "Trials at once")
      ->required()
      ->check(CLI::Range(1U, 1'000'000U))
      ->type_name("W");
  CLI::Option_group& source = *simulate.add_option_group("What replaces training (one of these)");
  source.add_option("--curve", o->curve, "A family of learning curves; see below")
      ->type_name("NAME");
  source
      .add_option("--journal", o->journal,
                  "A results folder: trial n trains as the n-th trial that ran there")
      ->type_name("STUDY_DIR");
  source.require_option(1);
  simulate.add_flag("--json", o->json, "Print one JSON object instead of a summary");
  simulate.callback(
      [o, &chosen] { chosen = [o] { return simulate_command(*o, std::cout, std::cerr); }; });
}

} // namespace troupe
