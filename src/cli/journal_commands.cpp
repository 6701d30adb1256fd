#include "cli/commands.hpp"
#include "cli/events_command.hpp"
#include "cli/replay_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

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

} // namespace troupe
