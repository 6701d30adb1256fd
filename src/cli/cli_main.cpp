#include "base/secret_names.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/escaped_output.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_error.hpp"
#include "cli/standard_descriptors.hpp"
#include "cli/unknown_word.hpp"
#include "process/command_trainable.hpp"
#include "process/guarded_process.hpp"
#include "process/guardian.hpp"
#include "store/asked_study.hpp"
#include "store/journal.hpp"

#include <troupe/cli.hpp>
#include <troupe/errors.hpp>
#include <troupe/isolation.hpp>
#include <troupe/study.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>

namespace troupe {

namespace {

int say_error(const std::exception& e, int code) {
  std::cerr << "troupe: error: " << e.what() << '\n';
  return code;
}

/// Says what was going on when the memory did not suffice; libraries only say "bad_alloc".
int say_out_of_memory(int argc, char** argv) {
  std::string command;
  for (int i = 1; i < argc; ++i)
    command += (command.empty() ? "" : " ") + without_secrets(argv[i]);
  const auto problem = resource_error{
      "out of memory in \"" + command +
      "\": a size that its files or options ask for is too large; look for large numbers of "
      "trials, images, candidates, or members of a population"};
  return say_error(problem, exit_code::resources);
}

/// While it lives, a stream throws what keeps it from writing.
class errors_thrown {
public:
  explicit errors_thrown(std::ostream& stream) : stream_{stream}, before_{stream.exceptions()} {
    stream_.clear();
    stream_.exceptions(std::ios::badbit);
  }
  ~errors_thrown() {
    stream_.clear();
    stream_.exceptions(before_);
  }
  errors_thrown(const errors_thrown&) = delete;
  errors_thrown& operator=(const errors_thrown&) = delete;

private:
  std::ostream& stream_;
  std::ios::iostate before_;
};

void add_commands(CLI::App& app, const registry& known, action& chosen) {
  add_run(app, known, chosen);
  add_resume(app, known, chosen);
  add_fork(app, known, chosen);
  add_preview(app, known, chosen);
  add_simulate(app, chosen);
  add_suggest(app, chosen);
  add_ask(app, known, chosen);
  add_tell(app, known, chosen);
  add_renew(app, chosen);
  add_drop(app, chosen);
  add_status(app, chosen);
  add_best(app, chosen);
  add_trials(app, chosen);
  add_show(app, chosen);
  add_compare(app, chosen);
  add_importance(app, chosen);
  add_controls(app, chosen);
  add_wait(app, chosen);
  add_report(app, chosen);
  add_export(app, chosen);
  add_logs(app, chosen);
  add_replay(app, chosen);
  add_events(app, chosen);
  add_verify(app, chosen);
  add_doctor(app, chosen);
  add_clean(app, chosen);
  add_init(app, known, chosen);
  add_list(app, known, chosen);
  add_schema(app, known, chosen);
  add_completion(app, chosen);
}

/// Prints what the words after "__complete" may go on as.
int complete(const CLI::App& app, const registry& known, int argc, char** argv) {
  for (const auto& each : completions(app, known, {argv + 2, argv + argc}))
    std::cout << each << '\n';
  return exit_code::done;
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
      "folder, 5 resources, 6 data, 7 beyond repair, 10 nothing to suggest now, 11 exhausted, 12 "
      "too late, 130 interrupted, 141 whoever read the output has gone.\n`COMMAND --help` tells "
      "more.");
  action chosen;
  add_commands(app, known, chosen);
  if (argc > 1 && std::string_view{argv[1]} == completing) return complete(app, known, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() != 0)
      return say_error(std::invalid_argument{say_misuse(app, e, argc, argv)}, exit_code::usage);
    return app.exit(e);
  }
  return chosen();
}

/// Every program can run commands, unless it means something else by that.
registry with_command(registry known) {
  if (!known.find("command")) known.add(command_trainable(start_guardian));
  return known;
}

} // namespace

int cli_main(int argc, char** argv, const registry& known) {
  if (is_guardian(argc, argv)) return guard_commands();
  if (const auto trained = train_if_asked(argc, argv, known)) return *trained;
  occupy_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN); // a reader that goes away is an error to be handled, like others
  const escaped_output messages{std::cerr};
  escaped_output data{std::cout};
  try {
    const errors_thrown strict{std::cout};
    const int code = dispatch(argc, argv, with_command(known));
    data.finish();
    return code;
  } catch (const output_error& e) {
    return e.is_reader_gone() ? exit_code::reader_gone : say_error(e, exit_code::folder);
  } catch (const invalid_study& e) {
    std::cerr << e.what() << '\n';
    return exit_code::usage;
  } catch (const folder_error& e) {
    return say_error(e, exit_code::folder);
  } catch (const journal_error& e) {
    return say_error(e, exit_code::folder);
  } catch (const std::filesystem::filesystem_error& e) {
    const auto what = e.path1().string() + ": " + e.code().message();
    return say_error(folder_error{what}, exit_code::folder);
  } catch (const lost_trial& e) {
    return say_error(e, exit_code::too_late);
  } catch (const resource_error& e) {
    return say_error(e, exit_code::resources);
  } catch (const data_error& e) {
    return say_error(e, exit_code::data);
  } catch (const std::bad_alloc&) {
    return say_out_of_memory(argc, argv);
  } catch (const std::length_error&) {
    return say_out_of_memory(argc, argv);
  } catch (const std::invalid_argument& e) {
    return say_error(e,
                     exit_code::usage); // an option that only its scheduler or searcher could judge
  } catch (const std::exception& e) {
    return say_error(e, exit_code::nothing_succeeded);
  }
}

} // namespace troupe
