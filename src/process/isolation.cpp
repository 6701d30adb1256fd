#include "process/isolation.hpp"

#include "base/json.hpp"
#include "base/thrown_error.hpp"
#include "process/child_process.hpp"
#include "process/expendable.hpp"
#include "process/isolated_trial.hpp"
#include "process/socket_pair.hpp"
#include "process/spawn.hpp"
#include "process/trainer_pool.hpp"

#include <troupe/isolation.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
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

command_spec trainer_command(const trainable& t, const run_context& context, bool reuse) {
  command_spec command;
  command.program = "/proc/self/exe";
  command.arguments.emplace_back(trainer_word);
  command.protocol = true;
  command.env.emplace_back(study_variable,
                           to_text(json::value{{"trainable", t.name},
                                               {"options", context.options},
                                               {"data_dir", context.data_dir.string()},
                                               {"seed", context.seed},
                                               {"device", context.device},
                                               {"engine", context.engine},
                                               {"reuse", reuse}}));
  return command;
}

run_context context_of(const json::object& said, trainer_link& link) {
  return {said.at("options").as_object(),
          std::string_view{said.at("data_dir").as_string()},
          said.at("seed").to_number<std::uint64_t>(),
          std::string{std::string_view{said.at("device").as_string()}},
          std::string{std::string_view{said.at("engine").as_string()}},
          [&link](std::string_view line) { link.log(line); }};
}

const trainable& trainable_of(const json::object& said, const registry& known) {
  const std::string name{std::string_view{said.at("trainable").as_string()}};
  if (const auto* t = known.find(name)) return *t;
  throw std::runtime_error{"this program has no trainable \"" + name + "\""};
}

/// Loads what the study's trials have in common, and then trains one after the other.
void train(const registry& known, const json::object& said, trainer_link& link) {
  std::optional<expendable> idle{std::in_place};
  const auto& t = trainable_of(said, known);
  const auto context = context_of(said, link);
  if (t.load) t.load(context);
  while (link.await_order()) {
    idle.reset();
    isolated_trial one{link, context.seed};
    t.train(one);
    if (!said.at("reuse").as_bool()) return;
    std::cout.flush();
    std::fflush(nullptr); // it is this trial's, not the next one's
    idle.emplace();
    link.greet();
  }
}

/// Returns the exit code.
int train(const registry& known, trainer_link& link) {
  try {
    train(known, parse_json(std::getenv(study_variable)).as_object(), link);
    return 0;
  } catch (...) {
    link.fail(thrown_error());
    return 1;
  }
}

} // namespace

trainable isolated(trainable t, const run_context& context, bool reuse, process_starter start) {
  const auto pool =
      std::make_shared<trainer_pool>(trainer_command(t, context, reuse), std::move(start), reuse);
  t.train = [pool](trial& one) { pool->train(one); };
  return t;
}

trainable isolated(trainable t, const run_context& context, bool reuse) {
  return isolated(std::move(t), context, reuse, process_starter{start_child});
}

std::optional<int> train_if_asked(int argc, char** argv, const registry& known) {
  if (argc != 2 || argv[1] != trainer_word || !std::getenv(study_variable)) return std::nullopt;
  std::signal(SIGTERM, SIG_IGN); // the message that comes with it says the same
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow further is an error like a full disk
  try {
    if (!is_socket(extra_descriptor))
      throw std::runtime_error{"the tuner did not say what to train: descriptor 3 is no socket"};
    trainer_link link{extra_descriptor};
    return train(known, link);
  } catch (const std::exception& e) {
    std::cerr << "troupe: error: " << e.what() << '\n';
    return 1;
  }
}

} // namespace troupe
