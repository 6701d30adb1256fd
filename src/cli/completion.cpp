#include "cli/completion.hpp"

#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"

#include <troupe/open_results.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <string_view>

namespace troupe {

namespace {

using words_type = std::vector<std::string>;

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_name() == name) return command;
  return nullptr;
}

bool takes_value(const CLI::App& command, const std::string& option) {
  for (const auto* o : command.get_options([](const CLI::Option*) { return true; }))
    if (!o->get_positional() && o->check_name(option)) return o->get_items_expected_max() > 0;
  for (const auto* group : command.get_subcommands([](const CLI::App*) { return true; }))
    if (takes_value(*group, option)) return true;
  return false;
}

/// Returns the words that are no options and no values of such.
words_type arguments_in(const CLI::App& command, const words_type& words) {
  words_type found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) found.push_back(words[i]);
    if (words[i].starts_with('-') && takes_value(command, words[i])) ++i;
  }
  return found;
}

/// Returns what argument number `n` of a command is called; the last one may be several.
std::string argument_name(const CLI::App& command, std::size_t n) {
  std::string name;
  for (const auto* o : command.get_options([](const CLI::Option*) { return true; })) {
    if (!o->get_positional()) continue;
    name = o->get_name(true);
    if (n-- == 0) return name;
  }
  return name == "TRIALS" || name == "CHANGES" ? name : std::string{};
}

words_type ids_in(const std::string& folder) {
  words_type ids;
  try {
    const auto study = open_results(folder);
    for (const auto& t : study.results().trials)
      ids.push_back(trial_id(t.number));
  } catch (const std::exception&) {
    // There is no study, or none that can be read: no word of help from here.
  }
  return ids;
}

words_type names_of_kind(const std::string& kind, const registry& known) {
  words_type names;
  const auto take = [&](const auto& plugins) {
    for (const auto* p : plugins)
      names.emplace_back(p->name);
  };
  if (kind == "searchers") take(searcher_plugins());
  if (kind == "schedulers") take(scheduler_plugins());
  if (kind == "stoppers") take(stopper_plugins());
  return kind == "trainables" ? known.names() : names;
}

words_type argument_values(const std::string& name, const words_type& before,
                           const registry& known) {
  if (name == "TRIAL" || name == "TRIALS" || name == "ID")
    return before.empty() ? words_type{} : ids_in(before.front());
  if (name == "WHAT") return {"csv", "jsonl", "tensorboard", "model"};
  if (name == "KIND") return {"searchers", "schedulers", "stoppers", "trainables"};
  if (name == "SHELL") return {"bash", "zsh", "fish"};
  if (name == "NAME") return before.empty() ? words_type{} : names_of_kind(before.front(), known);
  if (name == "TRAINABLE") return known.names();
  if (name == "CHANGES") return {"num_samples=", "max_concurrent="};
  return {};
}

words_type all_that_fit(const CLI::App& app, const registry& known, const words_type& words) {
  if (words.size() == 1) return commands_of(app);
  const auto* command = find_command(app, words.front());
  if (!command) return {};
  const words_type before{words.begin() + 1, words.end() - 1};
  if (!before.empty() && (before.back() == "-f" || before.back() == "--format"))
    return {"table", "json", "csv", "value"};
  if (!before.empty() && before.back().starts_with('-') && takes_value(*command, before.back()))
    return {};
  if (words.back().starts_with('-')) return options_of(*command);
  const auto arguments = arguments_in(*command, before);
  return argument_values(argument_name(*command, arguments.size()), arguments, known);
}

constexpr std::string_view bash_script = R"sh(# {0}: source <({0} completion bash), in ~/.bashrc
_{1}_complete() {{
  local IFS=$'\n'
  COMPREPLY=($({0} __complete "${{COMP_WORDS[@]:1:COMP_CWORD}}" 2>/dev/null))
  [[ ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
}}
complete -o default -F _{1}_complete {0}
)sh";

constexpr std::string_view zsh_script = R"sh(#compdef {0}
# {0}: source <({0} completion zsh), in ~/.zshrc after compinit
_{1}_complete() {{
  local -a found
  found=(${{(f)"$({0} __complete "${{(@)words[2,CURRENT]}}" 2>/dev/null)"}})
  if (( $#found )); then compadd -a found; else _files; fi
}}
compdef _{1}_complete {0}
)sh";

constexpr std::string_view fish_script =
    R"sh(# {0}: {0} completion fish > ~/.config/fish/completions/{0}.fish
function __{1}_complete
  set -l words (commandline -opc) (commandline -ct)
  {0} __complete $words[2..-1] 2>/dev/null
end
complete -c {0} -a '(__{1}_complete)'
)sh";

} // namespace

words_type completions(const CLI::App& app, const registry& known, const words_type& words) {
  if (words.empty()) return {};
  auto all = all_that_fit(app, known, words);
  std::erase_if(all, [&](const auto& each) { return !each.starts_with(words.back()); });
  std::ranges::sort(all);
  return all;
}

std::string completion_script(const std::string& shell, const std::string& program) {
  auto function = program;
  std::ranges::replace_if(
      function, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  const auto script = shell == "bash" ? bash_script : shell == "zsh" ? zsh_script : fish_script;
  return fmt::format(fmt::runtime(script), program, function);
}

void add_completion(CLI::App& app, action& chosen) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = *app.add_subcommand(
      "completion", "Print what teaches a shell to complete commands, options, and ids of trials");
  const auto program = app.get_name();
  command.footer(fmt::format("  source <({0} completion bash)     in ~/.bashrc\n"
                             "  source <({0} completion zsh)      in ~/.zshrc, after compinit\n"
                             "  {0} completion fish > ~/.config/fish/completions/{0}.fish",
                             program));
  command.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("");
  command.callback([shell, program, &chosen] {
    chosen = [shell, program] {
      std::cout << completion_script(*shell, program);
      return exit_code::done;
    };
  });
}

} // namespace troupe
