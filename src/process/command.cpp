#include "process/command_run.hpp"
#include "process/command_spec.hpp"

#include <troupe/command.hpp>

#include <memory>
#include <stdexcept>

namespace troupe {

trainable command() {
  const auto spec = std::make_shared<command_spec>();
  trainable t{.name = "command",
              .help = "a program of any kind: see docs/commands.md",
              .train = [spec](trial& one) { run_command_trial(*spec, one); }};
  t.options = command_options();
  t.load = [spec](const run_context& context) {
    std::vector<study_problem> problems;
    *spec = read_command(context.options, problems);
    if (!problems.empty())
      throw std::invalid_argument{problems.front().path + ": " + problems.front().problem};
  };
  t.check = check_command;
  return t;
}

} // namespace troupe
