#include "cli/command_options.hpp"

#include "base/escape.hpp"
#include "base/seconds.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace troupe {

namespace {

/// Returns NaN if `text` is no number.
double number_in(const std::string& text) {
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number ? x : std::nan("");
}

} // namespace

void add_set(CLI::App& command, std::vector<std::string>& overrides, const std::string& help) {
  command.add_option("--set", overrides, help)->type_name("KEY=JSON")->allow_extra_args(false);
}

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

std::string refuse_no_seconds(const std::string& text) {
  const auto seconds = number_in(text);
  if (seconds > 0 && seconds <= longest_s) return {};
  return fmt::format("must be seconds, above 0 and at most {:g}; found {}", longest_s, text);
}

std::string refuse_no_wait(const std::string& text) {
  const auto seconds = number_in(text);
  if (seconds >= 0 && seconds <= longest_s) return {};
  return fmt::format("must be seconds, from 0 to {:g}; found {}", longest_s, text);
}

void add_study(CLI::App& command, std::string& file, std::vector<std::string>& overrides) {
  command.add_option("STUDY.json", file, "The study file (docs/formats.md)")
      ->required()
      ->type_name("");
  add_set(command, overrides,
          "Replace a value of the study file: KEY=JSON, KEY a path like space/lr; may be repeated");
  add_short_set(command, overrides, "--seed", "seed", "Seed of everything random");
}

} // namespace troupe
