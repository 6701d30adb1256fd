#include "base/nearest.hpp"
#include "base/path.hpp"
#include "process/command_spec.hpp"
#include "process/counted_names.hpp"
#include "process/program_path.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace troupe {

namespace {

void check_placeholders(const study& s, const command_spec& command,
                        std::vector<study_problem>& problems) {
  std::vector<std::string_view> names;
  for (const auto& e : s.space.entries())
    names.push_back(e.path);
  const auto check = [&](const std::string& place, const text_template& argument) {
    for (const auto& path : argument.parameters())
      if (!s.space.may_have(path))
        problems.push_back(
            {place, "unknown parameter {" + path + "}; " +
                        (names.empty() ? "the space has none" : suggest_name(path, names)) +
                        " (for braces themselves write {{ and }})"});
  };
  for (std::size_t i = 0; i < command.arguments.size(); ++i)
    check("trainable/command/" + std::to_string(i + 1), command.arguments[i]);
  if (command.metrics_file) check("trainable/metrics_file", *command.metrics_file);
}

void check_place(const command_spec& command, std::vector<study_problem>& problems) {
  std::error_code error;
  if (!command.cwd.empty() && !std::filesystem::is_directory(command.cwd, error)) {
    problems.push_back({"trainable/cwd", "is no folder: " + command.cwd});
    return;
  }
  if (command.program.empty()) return;
  try {
    find_program(command.program, command.cwd, search_path_of(command));
  } catch (const std::invalid_argument& e) {
    problems.push_back({"trainable/command/0", e.what()});
  }
}

/// What is judged by must be read.
void check_metrics(const study& s, const command_spec& command,
                   std::vector<study_problem>& problems) {
  if (command.metrics.empty()) return;
  std::vector<std::string_view> names;
  for (const auto& p : command.metrics)
    names.push_back(p.name());
  const auto check = [&](const std::string& path, std::string_view metric) {
    if (metric.empty() || std::ranges::find(names, metric) != names.end()) return;
    problems.push_back({path, "no pattern in trainable/metrics reads \"" + std::string{metric} +
                                  "\"; " + suggest_name(metric, names)});
  };
  for (const auto& o : s.objectives())
    check("metric", o.metric);
  for (const auto& c : s.constraints)
    check("constraints", c);
  if (s.keep_by) check("keep/metric", s.keep_by->metric);
  for (const auto& rule : s.stop)
    if (!is_counted(rule.metric)) check(join_path("stop", rule.metric), rule.metric);
}

} // namespace

std::vector<study_problem> check_command(const study& s) {
  std::vector<study_problem> problems;
  const auto command = read_command(s.trainable.options, problems);
  const bool is_readable = problems.empty();
  if (is_readable) check_placeholders(s, command, problems);
  check_place(command, problems);
  if (s.reuse)
    problems.push_back({"reuse", "is for trainables of the program's own; leave it out"});
  if (is_readable) check_metrics(s, command, problems);
  return problems;
}

} // namespace troupe
