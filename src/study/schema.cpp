#include "study/schema.hpp"

#include "base/json.hpp"
#include "base/values.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "study/plugin_schema.hpp"
#include "study/space_schema.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

/// The keys of a study but for those that plugins and trainables decide. Ends that are not said
/// here are the reader's.
constexpr std::string_view keys = R"({
  "$schema": {"type": "string", "description": "where this schema is, for editors"},
  "name": {"type": "string", "minLength": 1, "pattern": "^[^/]*$",
    "description": "the study's name, and its results folder's; else the file's name"},
  "space": {"$ref": "#/definitions/space"},
  "metric": {"description": "the metric that trials are judged by, or several",
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "minItems": 1,
      "uniqueItems": true, "items": {"type": "string", "minLength": 1}}]},
  "mode": {"description": "which way the metric gets better, or each of several", "default": "min",
    "anyOf": [{"enum": ["min", "max"]}, {"type": "array", "items": {"enum": ["min", "max"]}}]},
  "constraints": {"description": "metrics; a trial is feasible where all of them are <= 0",
    "anyOf": [{"type": "string", "minLength": 1},
      {"type": "array", "items": {"type": "string", "minLength": 1}}]},
  "scope": {"enum": ["last", "avg", "last-5-avg", "last-10-avg", "all"], "default": "last",
    "description": "which report is a trial's best: trials are compared by it when they are over"},
  "searcher": {"$ref": "#/definitions/searcher"},
  "scheduler": {"$ref": "#/definitions/scheduler"},
  "num_samples": {"type": "integer", "minimum": 1, "default": 1,
    "description": "how often the space is sampled: trials in all, or grids if there is a grid_search"},
  "points_to_evaluate": {"type": "array", "items": {"type": "object"},
    "description": "configurations to try first, whole or in part; they count as samples"},
  "constant_grid_search": {"type": "boolean", "default": false,
    "description": "draw once per sample, not anew at each point of its grid"},
  "resources": {"type": "object", "additionalProperties": {"$ref": "#/definitions/amount"},
    "description": "what one trial needs, also of what is named in custom", "properties": {
      "cpu": {"$ref": "#/definitions/amount", "default": 1},
      "gpu": {"$ref": "#/definitions/amount", "default": 0},
      "memory_gb": {"$ref": "#/definitions/amount", "default": 0}}},
  "custom": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0},
    "propertyNames": {"minLength": 1, "not": {"enum": ["cpu", "gpu", "memory_gb"]}},
    "description": "things of your own that trials need, and how much the study may use of each"},
  "max_concurrent": {"type": "integer", "minimum": 1,
    "description": "trials at once; else as resources allow"},
  "cpus": {"type": "number", "exclusiveMinimum": 0,
    "description": "CPUs that the study may use; else the machine's"},
  "gpus": {"type": "number", "minimum": 0,
    "description": "GPUs that the study may use; else the machine's"},
  "time_budget_s": {"type": "number", "exclusiveMinimum": 0,
    "description": "ends the study after so many seconds"},
  "time_limit_s": {"type": "number", "exclusiveMinimum": 0,
    "description": "fails a trial that has run for so many seconds since it was started"},
  "progress_limit_s": {"type": "number", "exclusiveMinimum": 0,
    "description": "fails a trial that has not reported for so many seconds"},
  "stop": {"type": "object", "description": "{metric: bound}: ends a trial",
    "additionalProperties": {"anyOf": [{"type": "number"}, {"type": "object", "minProperties": 1,
      "additionalProperties": false,
      "properties": {"<=": {"type": "number"}, ">=": {"type": "number"}}}]}},
  "stoppers": {"type": "array", "items": {"$ref": "#/definitions/stopper"},
    "description": "further rules that end trials, or the study"},
  "callbacks": {"type": "array", "items": {"type": "object", "required": ["name"],
      "properties": {"name": {"type": "string", "minLength": 1}}},
    "description": "what hears of the study while it runs, in programs that have some of their own"},
  "on": {"type": "object", "additionalProperties": false,
    "description": "commands that are told what happens, by a JSON object on standard input", "properties": {
      "best": {"$ref": "#/definitions/hook"}, "failure": {"$ref": "#/definitions/hook"},
      "end": {"$ref": "#/definitions/hook"}}},
  "max_failures": {"type": "integer", "minimum": 0, "default": 0,
    "description": "retries per trial, each from its last checkpoint"},
  "fail_fast": {"type": "boolean", "default": false,
    "description": "ends the study at the first trial that fails for good"},
  "keep": {"type": "object", "additionalProperties": false,
    "description": "checkpoints kept per trial, of so many best and last reports", "properties": {
      "best": {"type": "integer", "minimum": 0, "default": 1},
      "last": {"type": "integer", "minimum": 0, "default": 1},
      "metric": {"type": "string", "minLength": 1,
        "description": "which reports are the best; else the study's metric says"},
      "mode": {"enum": ["min", "max"]}},
    "dependencies": {"mode": ["metric"]}},
  "trial_name": {"type": "string", "minLength": 1,
    "description": "what trials are called beside their ids, with parameters in it: lr{lr}-{TROUPE_TRIAL}"},
  "seed": {"type": "integer", "minimum": 0, "default": 0, "description": "of everything random"},
  "durability": {"enum": ["sync", "group", "off"], "default": "group",
    "description": "what a power cut may take: nothing, the last 20 ms, or more; a killed process loses nothing that was shown"},
  "isolation": {"enum": ["thread", "process"], "default": "thread",
    "description": "process: each trial has a process of its own, and a crash ends that trial alone"},
  "reuse": {"type": "boolean", "default": false,
    "description": "with isolation in processes: a process that has trained a trial to its end takes the next one"},
  "engine": {"type": "string", "minLength": 1, "default": "auto",
    "description": "with which of its engines the trainable trains: troupe list trainables NAME"},
  "trial_files": {"enum": [true, false, "auto"], "default": "auto",
    "description": "whether trials get params.json, result.json and progress.csv; auto: in studies of up to 1,000 trials"}
})";

/// Where nothing of one's own is counted.
constexpr std::string_view without_custom =
    R"({"properties": {"resources": {"propertyNames": {"enum": ["cpu", "gpu", "memory_gb"]}}}})";

constexpr std::string_view amount = R"({"anyOf": [{"type": "number", "minimum": 0},
  {"type": "object", "required": ["expr"], "additionalProperties": false,
    "properties": {"expr": {"type": "string", "minLength": 1,
      "description": "the amount by the trial's parameters, in Lua"}}}]})";

json::object schema_of(const parameter& p) {
  constexpr std::string_view types[]{"number", "integer", "string", "boolean", "array", "object"};
  json::object schema{{"type", types[static_cast<std::size_t>(p.type)]}};
  const json::object text{{"type", "string"}};
  if (p.type == parameter::kind::texts) schema["items"] = text;
  if (p.type == parameter::kind::named_texts) schema["additionalProperties"] = text;
  if (p.low) schema["minimum"] = plain_number(*p.low);
  if (p.high) schema["maximum"] = plain_number(*p.high);
  if (!p.help.empty()) schema["description"] = p.help;
  if (p.fallback && !p.fallback->is_null()) schema["default"] = *p.fallback;
  return schema;
}

/// A study may be another program's, with other trainables. One that has no name has a command.
json::object trainables_schema(const registry& known) {
  json::object choices;
  for (const auto& name : known.names()) {
    const auto& t = *known.find(name);
    json::object properties{{"name", json::object{{"const", name}, {"description", t.help}}}};
    json::array needed;
    for (const auto& option : t.options) {
      properties[option.name] = schema_of(option);
      if (!option.fallback) needed.emplace_back(option.name);
    }
    json::object choice{{"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!needed.empty()) choice["required"] = std::move(needed);
    choices[name] = std::move(choice);
  }
  auto named = choice_by_name(choices, true);
  if (!choices.contains("command")) return named;
  const json::array required{"command"};
  auto nameless = choices.at("command").get_object();
  nameless["required"] = required;
  return {{"if", {{"required", required}, {"not", {{"required", json::array{"name"}}}}}},
          {"then", std::move(nameless)},
          {"else", std::move(named)}};
}

} // namespace

json::object study_schema(const registry& known) {
  json::object definitions;
  add_space(definitions);
  add_plugins(definitions, "searcher", searcher_plugins());
  add_plugins(definitions, "scheduler", scheduler_plugins());
  add_plugins(definitions, "stopper", stopper_plugins());
  definitions["trainable"] = trainables_schema(known);
  definitions["amount"] = parse_json(amount);
  definitions["hook"] = parse_json(
      R"({"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "a command"})");
  auto properties = parse_json(keys).get_object();
  properties["trainable"] = reference_to("trainable");
  return {{"$schema", "http://json-schema.org/draft-07/schema#"},
          {"title", "A study of Troupe"},
          {"type", "object"},
          {"required", json::array{"metric"}},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"if", {{"required", json::array{"custom"}}}},
          {"else", parse_json(without_custom)},
          {"definitions", std::move(definitions)}};
}

} // namespace troupe
