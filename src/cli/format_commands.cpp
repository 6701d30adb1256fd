#include "cli/commands.hpp"
#include "cli/list_command.hpp"
#include "cli/listing.hpp"
#include "cli/schema_command.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

/// The commands that say what a study file may hold.
namespace troupe {

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
