#include "cli/events_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/replay_command.hpp"
#include "cli/run_command.hpp"
#include "cli/simulate_command.hpp"
#include "search/simulation/parametric_curves.hpp"
#include "store/journal.hpp"
#include "study/json.hpp"

#include <troupe/cli.hpp>
#include <troupe/errors.hpp>
#include <troupe/study.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <iostream>

namespace troupe {

namespace {

/// Adds an option that is short for --set KEY=….
void add_short_set(CLI::App& command, std::vector<std::string>& overrides, const std::string& flag,
                   const std::string& key, const std::string& help, const CLI::Validator& valid) {
  command
      .add_option_function<std::string>(
          flag, [&overrides, key](const std::string& v) { overrides.push_back(key + "=" + v); },
          help)
      ->check(valid)
      ->type_name("N");
}

/// Adds the study file and what replaces values in it.
void add_study(CLI::App& command, std::string& file, std::vector<std::string>& overrides) {
  command.add_option("STUDY.json", file, "The study file (docs/formats.md)")
      ->required()
      ->type_name("");
  command
      .add_option(
          "--set", overrides,
          "Replace a value of the study file: KEY=JSON, KEY a path like space/lr; may be repeated")
      ->type_name("KEY=JSON")
      ->allow_extra_args(false);
  add_short_set(command, overrides, "--seed", "seed", "Seed of everything random",
                CLI::NonNegativeNumber);
}

std::string described(std::string_view title, const std::vector<parameter>& parameters) {
  std::string text;
  for (const parameter& p : parameters)
    text += fmt::format("\n  {} {}{}{}{}", title, p.name, p.help.empty() ? "" : ": ", p.help,
                        p.fallback ? fmt::format(" [{}]", to_text(*p.fallback)) : "");
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

void add_run(CLI::App& app, run_options& o, const registry& known) {
  CLI::App& run =
      *app.add_subcommand("run", "Run a study: train its trials, show them, keep what they report");
  run.footer(describe_trainables(known));
  add_study(run, o.file, o.overrides);
  add_short_set(run, o.overrides, "--num-samples", "num_samples",
                "Number of samples, each one trial or a whole grid", CLI::PositiveNumber);
  add_short_set(run, o.overrides, "--cpus", "cpus", "CPUs that the study may use [the machine's]",
                CLI::PositiveNumber);
  add_short_set(run, o.overrides, "--gpus", "gpus", "GPUs that the study may use [the machine's]",
                CLI::PositiveNumber);
  run.add_option("--data-dir", o.data_dir, "Where data sets are, or are downloaded to [data]")
      ->type_name("DIR");
  run.add_option("--device", o.device, "cpu, cuda or cuda:N [as the study's resources say]")
      ->type_name("DEVICE");
  run.add_option("--out", o.out, "Results folder [results/NAME]")->type_name("DIR");
  run.add_flag("--overwrite", o.overwrite, "Replace the study that is in the results folder");
  run.add_flag("--json", o.json, "Print the results as one JSON object instead of a table");
  run.add_flag("--events", o.events, "Print every event as a line of JSON while the study runs");
}

struct replay_options {
  std::string file;
  bool check = false;
};

void add_replay(CLI::App& app, replay_options& o) {
  CLI::App& replay = *app.add_subcommand(
      "replay", "Put recorded scheduler events through the decision code, and print its decisions");
  replay.add_option("FILE", o.file, "Case lines, plain or gzip; - is standard input")->required();
  replay.add_flag("--check", o.check,
                  "Only compare with what was recorded; exit 1 on a difference");
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

void add_simulate(CLI::App& app, simulate_options& o) {
  CLI::App& simulate = *app.add_subcommand(
      "simulate",
      "Run a study in virtual time, without training: what would a scheduler make of it?");
  simulate.footer(about_simulation());
  add_study(simulate, o.file, o.overrides);
  simulate
      .add_option("--trials", o.trials,
                  "Number of trials [as many as the study or the journal has]")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  simulate.add_option("--workers", o.workers, "Trials at once")
      ->required()
      ->check(CLI::Range(1U, 1'000'000U))
      ->type_name("W");
  CLI::Option_group& source = *simulate.add_option_group("What replaces training (one of these)");
  source.add_option("--curve", o.curve, "A family of learning curves; see below")
      ->type_name("NAME");
  source
      .add_option("--journal", o.journal,
                  "A results folder: trial n trains as the n-th trial that ran there")
      ->type_name("STUDY_DIR");
  source.require_option(1);
  simulate.add_flag("--json", o.json, "Print one JSON object instead of a summary");
}

void add_events(CLI::App& app, std::string& folder) {
  app.add_subcommand("events", "Print the journal of a study as JSON lines")
      ->add_option("STUDY_DIR", folder, "A results folder; the study may be running")
      ->required();
}

int say_error(const std::exception& e, int code) {
  std::cerr << "troupe: error: " << e.what() << '\n';
  return code;
}

int dispatch(int argc, char** argv, const registry& known) {
  CLI::App app{
      "Troupe tunes hyperparameters: it trains many configurations of a model at once, stops "
      "the bad ones early, and keeps all that it learns."};
  app.name(argc > 0 ? std::filesystem::path{argv[0]}.filename().string() : "troupe");
  app.set_version_flag("--version", "troupe " TROUPE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 no trial succeeded, 2 usage or study file, 3 trials failed, 4 results "
      "folder, 5 resources, 6 data, 130 interrupted.\n`COMMAND --help` tells more.");
  run_options run;
  replay_options replay;
  std::string events_folder;
  add_run(app, run, known);
  simulate_options simulate;
  add_replay(app, replay);
  add_simulate(app, simulate);
  add_events(app, events_folder);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_code::done : exit_code::usage;
  }
  if (app.got_subcommand("run")) return run_command(run, known);
  if (app.got_subcommand("replay"))
    return replay_command(replay.file, replay.check, std::cout, std::cerr);
  if (app.got_subcommand("simulate")) return simulate_command(simulate, std::cout, std::cerr);
  return events_command(events_folder, std::cout);
}

} // namespace

int cli_main(int argc, char** argv, const registry& known) {
  try {
    return dispatch(argc, argv, known);
  } catch (const invalid_study& e) {
    std::cerr << e.what() << '\n';
    return exit_code::usage;
  } catch (const folder_error& e) {
    return say_error(e, exit_code::folder);
  } catch (const journal_error& e) {
    return say_error(e, exit_code::folder);
  } catch (const resource_error& e) {
    return say_error(e, exit_code::resources);
  } catch (const data_error& e) {
    return say_error(e, exit_code::data);
  } catch (const std::invalid_argument& e) {
    return say_error(e,
                     exit_code::usage); // an option that only its scheduler or searcher could judge
  } catch (const std::exception& e) {
    return say_error(e, exit_code::nothing_succeeded);
  }
}

} // namespace troupe
