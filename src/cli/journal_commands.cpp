#include "cli/clean_command.hpp"
#include "cli/commands.hpp"
#include "cli/doctor_command.hpp"
#include "cli/events_command.hpp"
#include "cli/replay_command.hpp"
#include "cli/verify_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>

/// The commands that read what was recorded.
namespace troupe {

void add_replay(CLI::App& app, action& chosen) {
  struct replay_options {
    std::string file;
    bool check = false;
  };
  const auto o = std::make_shared<replay_options>();
  CLI::App& replay = *app.add_subcommand(
      "replay", "Put recorded scheduler events through the decision code, and print its decisions");
  replay.add_option("FILE", o->file, "Case lines, plain or gzip; - is standard input")->required();
  replay.add_flag("--check", o->check,
                  "Only compare with what was recorded; exit 1 on a difference");
  replay.callback([o, &chosen] {
    chosen = [o] { return replay_command(o->file, o->check, std::cout, std::cerr); };
  });
}

void add_events(CLI::App& app, action& chosen) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& events = *app.add_subcommand("events", "Print the journal of a study as JSON lines");
  events.add_option("STUDY_DIR", *folder, "A results folder; the study may be running")->required();
  events.callback(
      [folder, &chosen] { chosen = [folder] { return events_command(*folder, std::cout); }; });
}

void add_verify(CLI::App& app, action& chosen) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& verify = *app.add_subcommand(
      "verify", "Put a study's journal through its searcher and scheduler again, and compare");
  verify.footer("Prints \"0 of N decisions differ\": the study decided what this program decides, "
                "however often it was stopped and gone on with. Exit code 1 if some do.");
  verify.add_option("DIR", *folder, "A results folder; the study may be running")->required();
  verify.callback([folder, &chosen] {
    chosen = [folder] { return verify_command(*folder, std::cout, std::cerr); };
  });
}

void add_doctor(CLI::App& app, action& chosen) {
  struct doctor_options {
    std::optional<std::string> folder;
    bool repair = false;
  };
  const auto o = std::make_shared<doctor_options>();
  CLI::App& doctor = *app.add_subcommand(
      "doctor", "Look whether a study's folder is whole, and say what is wrong with it");
  doctor.footer("Exit codes: 0 whole, 4 --repair would make it whole, 7 it cannot be made whole.");
  doctor
      .add_option("STUDY_DIR", o->folder,
                  "A results folder [the current folder, or the only study in results/]")
      ->type_name("");
  doctor.add_flag(
      "--repair", o->repair,
      "Make derived files anew, and remove what a crash has left; never touches events");
  doctor.callback([o, &chosen] {
    chosen = [o] { return doctor_command(o->folder, o->repair, std::cout, std::cerr); };
  });
}

void add_clean(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<clean_options>();
  CLI::App& clean = *app.add_subcommand(
      "clean", "List the checkpoints and files of a study that nothing needs; remove them");
  clean.footer("Checkpoints go when the study has ended, but for those of the best trials, and of "
               "trials that `troupe resume` would go on with. Without --yes nothing is changed.");
  clean.add_option("DIR", o->folder, "A results folder")->required()->type_name("");
  clean
      .add_option("--keep-best", o->keep_best,
                  "So many of the best trials keep their checkpoints [1]")
      ->type_name("N");
  clean.add_flag("--yes", o->yes, "Remove what is listed");
  clean.callback(
      [o, &chosen] { chosen = [o] { return clean_command(*o, std::cout, std::cerr); }; });
}

} // namespace troupe
