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

} // namespace troupe
