#include "process/command_spec.hpp"

#include "base/path.hpp"
#include "process/counted_names.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

using problem_list = std::vector<study_problem>;

/// Calls `read`; adds what it throws to the problems, as found at `path`.
template <class Read>
void try_at(std::string path, problem_list& problems, Read read) {
  try {
    read();
  } catch (const std::invalid_argument& e) {
    problems.push_back({std::move(path), e.what()});
  }
}

std::string text_of(const json::value& v) {
  return std::string{std::string_view{v.get_string()}};
}

const json::object* object_at(const json::object& options, std::string_view key) {
  const auto* v = options.if_contains(key);
  return v ? v->if_object() : nullptr;
}

void read_arguments(const json::object& options, command_spec& out, problem_list& problems) {
  const auto* v = options.if_contains("command");
  if (!v || v->get_array().empty()) {
    problems.push_back(
        {"trainable/command",
         R"(must name a program, and its arguments, as in ["python3", "train.py"])"});
    return;
  }
  const auto& all = v->get_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto path = "trainable/command/" + std::to_string(i);
    try_at(path, problems, [&] {
      const text_template argument{text_of(all[i])};
      if (i > 0) return out.arguments.push_back(argument);
      if (!argument.parameters().empty())
        throw std::invalid_argument{
            "must be the same program in all trials; an argument may differ"};
      if (argument.has_trial()) throw std::invalid_argument{"must be the same in all trials"};
      out.program = argument.fill({}, {});
      if (out.program.empty()) throw std::invalid_argument{"must name a program"};
    });
  }
}

void read_env(const json::object& options, command_spec& out, problem_list& problems) {
  const auto* env = object_at(options, "env");
  if (!env) return;
  for (const auto& member : *env)
    try_at(
        join_path("trainable/env", member.key()), problems, [&, name = std::string{member.key()}] {
          if (name.empty() || name.find('=') != name.npos)
            throw std::invalid_argument{"must be a variable's name: not empty, and without \"=\""};
          check_no_nul(name);
          check_no_nul(member.value().get_string());
          out.env.emplace_back(name, text_of(member.value()));
        });
}

void read_patterns(const json::object& options, command_spec& out, problem_list& problems) {
  const auto* patterns = object_at(options, "metrics");
  if (!patterns) return;
  if (patterns->empty())
    problems.push_back({"trainable/metrics", "must have a pattern for each metric; or leave it "
                                             "out, and print lines like TROUPE {\"loss\": 0.3}"});
  for (const auto& member : *patterns)
    try_at(join_path("trainable/metrics", member.key()), problems,
           [&, name = std::string{member.key()}] {
             if (name.empty())
               throw std::invalid_argument{"must be a metric's name, which is not empty"};
             if (is_counted(name))
               throw std::invalid_argument{"is counted by Troupe itself; choose another name"};
             out.metrics.emplace_back(name, text_of(member.value()));
           });
}

void read_metrics_file(const json::object& options, command_spec& out, problem_list& problems) {
  const auto* file = options.if_contains("metrics_file");
  if (!file) return;
  try_at("trainable/metrics_file", problems, [&] {
    out.metrics_file = text_template{text_of(*file)};
    if (!out.metrics_file->has_trial())
      throw std::invalid_argument{"must be another file in each trial: {TROUPE_TRIAL} in it is the "
                                  "trial's id, as in \"runs/{TROUPE_TRIAL}.csv\""};
    if (options.contains("metrics"))
      throw std::invalid_argument{"reports come from here or by \"metrics\" from its output, not "
                                  "from both; leave one out"};
  });
}

void read_protocol(const json::object& options, command_spec& out, problem_list& problems) {
  out.protocol = speaks_protocol(options);
  if (const auto* silence = options.if_contains("silence_s")) {
    out.silence_s = silence->to_number<double>();
    if (!out.protocol)
      problems.push_back({"trainable/silence_s",
                          "is for programs that speak the protocol; add \"protocol\": true"});
  }
  if (!out.protocol) return;
  for (const auto* key : {"metrics", "metrics_file"})
    if (options.contains(key))
      problems.push_back({join_path("trainable", key),
                          "reports come by the protocol; leave this out, or \"protocol\""});
}

} // namespace

bool speaks_protocol(const json::object& options) {
  const auto* v = options.if_contains("protocol");
  return v && v->is_bool() && v->get_bool();
}

std::vector<parameter> command_options() {
  using kind = parameter::kind;
  constexpr double longest_grace_s = 3600;
  constexpr double longest_silence_s = 86400;
  return {
      {"command", kind::texts, {}, {}, {}, "the program and its arguments; {lr} is a parameter"},
      {"env",
       kind::named_texts,
       {},
       {},
       nullptr,
       "variables of its environment, beside Troupe's own"},
      {"cwd", kind::text, {}, {}, nullptr, "the folder in which it runs; else that of troupe"},
      {"metrics",
       kind::named_texts,
       {},
       {},
       nullptr,
       "patterns, each with one group, that read reports from its output; else it prints lines "
       "like TROUPE {\"loss\": 0.3}"},
      {"metrics_file",
       kind::text,
       {},
       {},
       nullptr,
       "a file of JSON lines, or .csv, that it writes, and that has its reports"},
      {"protocol",
       kind::boolean,
       {},
       {},
       false,
       "it speaks Troupe's protocol (docs/protocol.md): it reports, and has checkpoints"},
      {"silence_s", kind::real, 1, longest_silence_s, 300,
       "seconds that it may take to say hello by the protocol, and between two heartbeats"},
      {"grace_s", kind::real, 0, longest_grace_s, 10,
       "seconds between SIGTERM and SIGKILL when it is to stop"}};
}

command_spec read_command(const json::object& options, problem_list& problems) {
  command_spec out;
  read_arguments(options, out, problems);
  read_env(options, out, problems);
  read_patterns(options, out, problems);
  read_metrics_file(options, out, problems);
  read_protocol(options, out, problems);
  if (const auto* cwd = options.if_contains("cwd"))
    try_at("trainable/cwd", problems, [&] {
      out.cwd = text_of(*cwd);
      check_no_nul(out.cwd);
    });
  if (const auto* grace = options.if_contains("grace_s")) out.grace_s = grace->to_number<double>();
  return out;
}

std::string search_path_of(const command_spec& command) {
  for (const auto& [name, value] : command.env)
    if (name == "PATH") return value;
  const char* own = std::getenv("PATH");
  return own ? own : "/bin:/usr/bin";
}

} // namespace troupe
