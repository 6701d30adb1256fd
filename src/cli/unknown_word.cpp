#include "cli/unknown_word.hpp"

#include "base/nearest.hpp"
#include "base/secret_names.hpp"
#include "cli/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

namespace troupe {

namespace {

std::string said(std::string_view kind, std::string_view word,
                 const std::vector<std::string>& names) {
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return fmt::format("unknown {} \"{}\"; {}", kind, word, suggest_name(word, known));
}

/// Returns whether a word is an option rather than a number with a minus.
bool looks_like_option(std::string_view word) {
  if (word.size() < 2 || word[0] != '-' || word == "--") return false;
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  if (word[1] != '-' && !is_letter(static_cast<unsigned char>(word[1]))) return false;
  std::string rest{word.substr(1)};
  std::ranges::transform(rest, rest.begin(), [](unsigned char c) { return std::tolower(c); });
  return rest != "inf" && rest != "infinity" && rest != "nan";
}

/// Returns the option that a word names: "--out" of "--out=DIR", "-f" of "-fjson".
std::string_view option_in(std::string_view word) {
  return word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
}

std::string say_unknown_word(const CLI::App& app, const CLI::App& command,
                             const std::vector<std::string>& words) {
  const auto commands = commands_of(app);
  if (!words.empty() && !words.front().starts_with('-') &&
      std::ranges::find(commands, words.front()) == commands.end())
    return said("command", words.front(), commands);
  return say_unknown_option(command, words);
}

/// Returns what the library says, in the way in which everything else is said.
std::string in_our_words(std::string text) {
  constexpr std::string_view unexpected[] = {"The following argument was not expected: ",
                                             "The following arguments were not expected: "};
  for (const auto& begin : unexpected)
    if (text.starts_with(begin)) return "too many arguments: " + text.substr(begin.size());
  constexpr std::string_view odd = "Could not convert: ";
  if (text.starts_with(odd)) text = "wrong value: " + text.substr(odd.size());
  if (text.starts_with("A subcommand is")) text.replace(0, 12, "a command");
  if (text.starts_with("Exactly")) text[0] = 'e';
  return text;
}

} // namespace

std::string say_unknown_option(const CLI::App& command, const std::vector<std::string>& words) {
  const auto options = options_of(command);
  for (const std::string_view word : words) {
    if (word == "--") break;
    if (!looks_like_option(word)) continue;
    const auto name = option_in(word);
    if (std::ranges::find(options, name) == options.end()) return said("option", name, options);
  }
  return {};
}

std::string say_misuse(const CLI::App& app, const CLI::Error& refusal, int argc,
                       const char* const* argv) {
  const std::vector<std::string> words{argv + std::min(argc, 1), argv + argc};
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  if (auto unknown = say_unknown_word(app, command, words); !unknown.empty()) return unknown;
  const auto asked = chosen.empty() ? app.get_name() : app.get_name() + ' ' + command.get_name();
  return fmt::format("{}; `{} --help` tells what it takes",
                     without_secrets(in_our_words(refusal.what())), asked);
}

} // namespace troupe
