#include "process/isolation.hpp"

#include "base/json.hpp"
#include "process/child_process.hpp"
#include "process/command_run.hpp"
#include "process/isolated_trial.hpp"
#include "process/spawn.hpp"

#include <troupe/isolation.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

/// What the program's only argument is when it is started to train a trial.
constexpr std::string_view trainer_word = "train-trial";
/// The variable that says what all trials of a study have in common.
constexpr const char* study_variable = "TROUPE_TRAINER";

command_spec trainer_command(const trainable& t, const run_context& context) {
  command_spec command;
  command.program = "/proc/self/exe";
  command.arguments.emplace_back(trainer_word);
  command.protocol = true;
  command.env.emplace_back(study_variable,
                           to_text(json::value{{"trainable", t.name},
                                               {"options", context.options},
                                               {"data_dir", context.data_dir.string()},
                                               {"seed", context.seed},
                                               {"device", context.device}}));
  return command;
}

run_context context_of(const json::object& said, trainer_link& link) {
  return {said.at("options").as_object(), std::string_view{said.at("data_dir").as_string()},
          said.at("seed").to_number<std::uint64_t>(),
          std::string{std::string_view{said.at("device").as_string()}},
          [&link](std::string_view line) { link.log(line); }};
}

/// Trains the trial; returns why that failed, empty if it did not.
std::string train(const registry& known, const json::object& said, trainer_link& link) {
  const std::string name{std::string_view{said.at("trainable").as_string()}};
  const auto* t = known.find(name);
  if (!t) return "this program has no trainable \"" + name + "\"";
  const auto context = context_of(said, link);
  if (t->load) t->load(context);
  isolated_trial one{link, context.seed};
  t->train(one);
  return {};
}

int train_trial(const registry& known, trainer_link& link) {
  std::string failure;
  try {
    failure = train(known, parse_json(std::getenv(study_variable)).as_object(), link);
  } catch (const std::bad_alloc&) {
    failure = "out of memory";
  } catch (const std::exception& e) {
    failure = *e.what() ? e.what() : "an exception that says nothing";
  } catch (...) {
    failure = "an exception that is no std::exception";
  }
  if (failure.empty()) return 0;
  link.fail(failure);
  return 1;
}

} // namespace

trainable isolated(trainable t, const run_context& context, process_starter start) {
  const auto command = std::make_shared<const command_spec>(trainer_command(t, context));
  t.train = [command, start = std::move(start)](trial& one) {
    run_command_trial(*command, one, start);
  };
  return t;
}

trainable isolated(trainable t, const run_context& context) {
  return isolated(std::move(t), context, process_starter{start_child});
}

std::optional<int> train_if_asked(int argc, char** argv, const registry& known) {
  if (argc != 2 || argv[1] != trainer_word || !std::getenv(study_variable)) return std::nullopt;
  std::signal(SIGTERM, SIG_IGN); // the message that comes with it says the same
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow further is an error like a full disk
  try {
    trainer_link link{extra_descriptor};
    return train_trial(known, link);
  } catch (const std::exception& e) {
    std::cerr << "troupe: error: " << e.what() << '\n';
    return 1;
  }
}

} // namespace troupe
