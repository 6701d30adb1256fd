#include "cli/commands.hpp"
#include "cli/init_command.hpp"
#include "cli/list_command.hpp"
#include "cli/listing.hpp"
#include "cli/schema_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

/// The commands that say what a study file may hold.
namespace troupe {

void add_init(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<init_options>();
  CLI::App& init = *app.add_subcommand("init", "Write a study file to begin with, with comments");
  init.footer("  troupe init                         for a program of any kind\n"
              "  troupe init cifar10 -o study.json   for a trainable: `troupe list trainables`");
  init.add_option("TRAINABLE", o->trainable, "What the study is to tune [command]")->type_name("");
  init.add_option("-o,--output", o->file, "The file; - is standard output [study.json]")
      ->type_name("FILE");
  init.add_flag("--overwrite", o->overwrite, "Replace the file if it is there");
  init.callback([o, &known, &chosen] {
    chosen = [o, &known] { return init_command(*o, known, std::cout, std::cerr); };
  });
}

void add_list(CLI::App& app, const registry& known, action& chosen) {
  const auto o = std::make_shared<list_options>();
  CLI::App& list = *app.add_subcommand(
      "list", "List the searchers, schedulers, stoppers or trainables, or the options of one");
  list.footer("Without NAME one line each, with NAME all its options: what they say, what they may "
              "be, and in brackets what they are if they are not given.");
  list.add_option("KIND", o->kind, "searchers, schedulers, stoppers or trainables")
      ->required()
      ->check(CLI::IsMember({"searchers", "schedulers", "stoppers", "trainables"}))
      ->type_name("");
  list.add_option("NAME", o->name, "One of them")->type_name("");
  add_format(list, o->format);
  list.callback([o, &known, &chosen] {
    chosen = [o, &known] { return list_command(*o, known, std::cout); };
  });
}

void add_schema(CLI::App& app, const registry& known, action& chosen) {
  CLI::App& schema = *app.add_subcommand("schema", "Print a JSON Schema of the study file");
  schema.footer("For editors: troupe schema > study.schema.json, and in the study file "
                "\"$schema\": \"study.schema.json\".");
  schema.callback(
      [&known, &chosen] { chosen = [&known] { return schema_command(known, std::cout); }; });
}

} // namespace troupe
