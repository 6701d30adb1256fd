#include "process/command_trainable.hpp"

#include "process/child_process.hpp"
#include "process/command_run.hpp"
#include "process/command_spec.hpp"

#include <troupe/command.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

/// What `load` leaves to `train`.
struct loaded_command {
  command_spec spec;
  process_starter start;
};

} // namespace

trainable command_trainable(std::function<process_starter()> make_starter) {
  const auto loaded = std::make_shared<loaded_command>();
  trainable t{
      .name = "command",
      .help = "a program of any kind: see docs/commands.md",
      .train = [loaded](trial& one) { run_command_trial(loaded->spec, one, loaded->start); }};
  t.options = command_options();
  t.load = [loaded, make_starter = std::move(make_starter)](const run_context& context) {
    std::vector<study_problem> problems;
    loaded->spec = read_command(context.options, problems);
    if (!problems.empty())
      throw std::invalid_argument{problems.front().path + ": " + problems.front().problem};
    loaded->start = make_starter();
  };
  t.checkpoints_if = speaks_protocol;
  t.check = check_command;
  return t;
}

trainable command() {
  return command_trainable([] { return process_starter{start_child}; });
}

} // namespace troupe
