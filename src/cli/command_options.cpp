#include "cli/command_options.hpp"

#include "base/escape.hpp"

#include <CLI/CLI.hpp>

namespace troupe {

void add_short_set(CLI::App& command, std::vector<std::string>& overrides, const std::string& flag,
                   const std::string& key, const std::string& help) {
  command
      .add_option_function<std::string>(
          flag, [&overrides, key](const std::string& v) { overrides.push_back(key + "=" + v); },
          help)
      ->type_name("N");
}

std::string refuse_other_bytes(const std::string& text) {
  return is_utf8(text) ? std::string{} : "must be UTF-8; found other bytes: " + text;
}

void add_study(CLI::App& command, std::string& file, std::vector<std::string>& overrides) {
  command.add_option("STUDY.json", file, "The study file (docs/formats.md)")
      ->required()
      ->type_name("");
  command
      .add_option(
          "--set", overrides,
          "Replace a value of the study file: KEY=JSON, KEY a path like space/lr; may be repeated")
      ->type_name("KEY=JSON")
      ->allow_extra_args(false);
  add_short_set(command, overrides, "--seed", "seed", "Seed of everything random");
}

} // namespace troupe
