#include "cli/ask_command.hpp"
#include "cli/command_options.hpp"
#include "cli/commands.hpp"
#include "cli/standard_descriptors.hpp"
#include "cli/suggest_command.hpp"
#include "cli/unknown_word.hpp"
#include "search/life/journal_check.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <unistd.h>

/// The commands for programs that train trials themselves.
namespace troupe {

namespace {

/// Adds the folder of an asked study and one of its trials.
void add_trial_of_folder(CLI::App& command, std::string& folder, std::string& id) {
  command.add_option("DIR", folder, "The study's results folder")->required()->type_name("");
  command.add_option("ID", id, "The trial's id")->required()->type_name("");
}

void add_token(CLI::App& command, std::optional<std::string>& token) {
  command.add_option("--token", token, "What ask printed with the trial, if it has a lease")
      ->check(refuse_other_bytes)
      ->type_name("TOKEN");
}

} // namespace

void add_suggest(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<suggest_options>();
  CLI::App& suggest =
      *app.add_subcommand("suggest", "Suggest what to try after a history of trials");
  suggest.footer(
      "Each line of the history is a trial:\n"
      "  {\"number\": 0, \"state\": \"COMPLETE\", \"params\": {\"lr\": 0.1}, \"value\": 0.42}\n"
      "state is COMPLETE, PRUNED, FAIL or RUNNING. Several metrics have \"values\": [0.4, 3.1]; \n"
      "reports on the way are \"intermediate\": {\"1\": 0.9}; constraints, <= 0 where feasible, "
      "are\n"
      "\"constraints\": [-0.2]. The suggestions do not know of each other; ask and tell keep a "
      "study "
      "whose trials do.");
  add_study(suggest, o->file, o->overrides);
  suggest
      .add_option("--history", o->history,
                  "Past trials, one JSON object a line, plain or gzip; - is standard input")
      ->type_name("TRIALS.jsonl");
  suggest.add_option("--count", o->count, "Number of suggestions [1]")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000'000}))
      ->type_name("N");
  suggest.callback(
      [o, &chosen] { chosen = [o] { return suggest_command(*o, std::cout, std::cerr); }; });
}

void add_ask(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<ask_options>();
  CLI::App& ask =
      *app.add_subcommand("ask", "Take the next trial of a study, to train it yourself");
  ask.footer("Prints {\"id\", \"params\"}; tell says what came of it:\n"
             "  troupe ask STUDY.json --dir DIR           {\"id\": \"00000\", \"params\": {…}}\n"
             "  troupe tell DIR 00000 0.42\n"
             "With --lease the answer has a \"token\", for tell and renew: who neither tells nor "
             "renews in\ntime loses the trial to the next who asks.\n"
             "What exits with 0 is on disk. Exit codes: 10 nothing to suggest now (tell what open "
             "trials came to), 11 no further trials.");
  add_study(ask, o->file, o->overrides);
  ask.add_option("--dir", o->folder, "The study's results folder; made the first time")
      ->required()
      ->type_name("DIR");
  ask.add_option("--client", o->client,
                 "Who asks: gets its open trial again, if it has one, as after a crash")
      ->check(refuse_other_bytes)
      ->type_name("NAME");
  ask.add_option("--lease", o->lease_s,
                 "So long its trainer may be silent; then the trial is for others [for ever]")
      ->check(refuse_no_seconds)
      ->type_name("SECONDS");
  ask.add_option("--wait", o->wait_s, "Wait so long for a trial, if there is none now")
      ->check(refuse_no_wait)
      ->type_name("SECONDS");
  add_short_set(ask, o->overrides, "--num-samples", "num_samples",
                "Samples in all; default: as the study in DIR was begun");
  ask.callback([o, &known, &chosen] {
    chosen = [o, &known] {
      require_writable(STDOUT_FILENO); // before a trial is taken
      return ask_command(*o, known, std::cout, std::cerr);
    };
  });
}

void add_tell(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<tell_options>();
  CLI::App& tell = *app.add_subcommand("tell", "Say what a trial came to");
  tell.footer(
      "VALUE… are the study's metrics in order, then its constraints:\n"
      "  troupe tell DIR ID VALUE…                 the trial has ended with this\n"
      "  troupe tell DIR ID VALUE… --step N        it reports; prints CONTINUE, STOP or PAUSE\n"
      "  troupe tell DIR ID --fail \"why\"           it has failed\n"
      "A trial told to STOP is over; one told to PAUSE may be asked for again, to go on. A trial\n"
      "under a lease wants its --token. Exit code 12: too late, the trial is somebody else's.");
  add_trial_of_folder(tell, o->folder, o->id);
  add_token(tell, o->token);
  tell.add_option("--step", o->step, "The trial goes on; this is its report at step N, from 1")
      ->check(CLI::Range(1, most_iteration))
      ->type_name("N");
  tell.add_option("--fail", o->failure, "The trial has failed, and why")
      ->check(refuse_other_bytes)
      ->type_name("WHY");
  // Values may begin with a minus, which options do too.
  tell.allow_extras();
  tell.callback([o, &tell, &known, &chosen] {
    o->values = tell.remaining();
    if (const auto unknown = say_unknown_option(tell, o->values); !unknown.empty())
      throw std::invalid_argument{unknown};
    chosen = [o, &known] {
      if (o->step) require_writable(STDOUT_FILENO); // before a report is taken that has an answer
      return tell_command(*o, known, std::cout, std::cerr);
    };
  });
}

void add_renew(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<holding_options>();
  CLI::App& renew = *app.add_subcommand("renew", "Say that a trial is still being trained");
  renew.footer(
      "Its lease begins anew, as with every tell --step. Exit code 12: too late, the trial "
      "is somebody else's.");
  add_trial_of_folder(renew, o->folder, o->id);
  add_token(renew, o->token);
  renew
      .add_option("--lease", o->lease_s,
                  "So long its trainer may be silent from now on [as before]")
      ->check(refuse_no_seconds)
      ->type_name("SECONDS");
  renew.callback([o, &chosen] { chosen = [o] { return renew_command(*o, std::cerr); }; });
}

void add_drop(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<holding_options>();
  CLI::App& drop = *app.add_subcommand(
      "drop", "Give back a trial whose trainer has died, for others to ask for");
  drop.footer("This is none of the max_failures that the trial may have.");
  add_trial_of_folder(drop, o->folder, o->id);
  drop.callback([o, &chosen] { chosen = [o] { return drop_command(*o, std::cerr); }; });
}

} // namespace troupe
