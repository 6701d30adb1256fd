#pragma once

#include "base/text_template.hpp"
#include "process/metric_pattern.hpp"

#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// A command that trains a trial, as a study file says it.
struct command_spec {
  std::string program;                  ///< As it is looked up.
  std::vector<text_template> arguments; ///< Without the program.
  std::vector<std::pair<std::string, std::string>> env;
  std::string cwd; ///< Where it runs; empty: where the tuner does.
  /// How its reports are read from what it prints; none: from lines that begin with TROUPE.
  std::vector<metric_pattern> metrics;
  /// A file that it writes, in which its reports are; empty: there is none.
  std::optional<text_template> metrics_file;
  bool protocol = false;  ///< It speaks the protocol instead (docs/protocol.md).
  double silence_s = 300; ///< So long it may take to say hello, and between two heartbeats.
  double grace_s = 10;    ///< Between SIGTERM and SIGKILL.
};

/// Returns the options of a trainable that is a command: "command", "env", "cwd", "metrics",
/// "metrics_file", "protocol", "silence_s", "grace_s".
std::vector<parameter> command_options();

/// Returns whether a command with such options, of whatever kinds, speaks the protocol, and so has
/// checkpoints.
bool speaks_protocol(const boost::json::object& options);

/// Reads such options, which are of the right kinds, and adds what else is wrong to `problems`.
command_spec read_command(const boost::json::object& options, std::vector<study_problem>& problems);

/// Returns the folders in which a command's program is looked up.
std::string search_path_of(const command_spec& command);

/// Returns what is wrong with a study whose trainable is a command: beside what read_command()
/// finds, a program that cannot be run, placeholders that are no parameters, metrics that are not
/// read.
std::vector<study_problem> check_command(const study& s);

} // namespace troupe
