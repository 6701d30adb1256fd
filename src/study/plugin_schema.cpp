#include "study/plugin_schema.hpp"

#include "base/json.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

json::object number_schema(const option& o) {
  json::object schema{{"type", o.type == option_type::whole ? "integer" : "number"}};
  if (o.range.low != least_number)
    schema[o.range.without_low ? "exclusiveMinimum" : "minimum"] = plain_number(o.range.low);
  if (o.range.high != most_number) schema["maximum"] = plain_number(o.range.high);
  return schema;
}

json::object type_schema(const option& o) {
  switch (o.type) {
  case option_type::truth:
    return {{"type", "boolean"}};
  case option_type::whole:
  case option_type::number:
    return number_schema(o);
  case option_type::text:
    return {{"type", "string"}, {"minLength", 1}};
  case option_type::word:
    return {{"enum", json::array(o.words.begin(), o.words.end())}};
  case option_type::nested:
    return reference_to(o.key);
  case option_type::formed:
    return parse_json(o.form->schema).get_object();
  }
  return {};
}

json::object option_schema(const option& o) {
  auto schema = type_schema(o);
  if (!o.instead.empty())
    schema = {{"anyOf", {{{"const", parse_json(o.instead)}}, std::move(schema)}}};
  else if (o.type == option_type::nested)
    schema = {{"allOf", json::array{std::move(schema)}}}; // beside $ref nothing counts
  schema["description"] = o.help;
  if (!o.fallback.empty()) schema["default"] = parse_json(o.fallback);
  return schema;
}

json::object options_schema(const plugin& p) {
  json::object properties{{"name", json::object{{"const", p.name}, {"description", p.summary}}}};
  json::array required{"name"};
  for (const auto& o : p.options) {
    properties[o.key] = option_schema(o);
    if (o.required) required.emplace_back(o.key);
  }
  return {{"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

} // namespace

json::object reference_to(std::string_view name) {
  return {{"$ref", "#/definitions/" + std::string{name}}};
}

json::object choice_by_name(const json::object& choices, bool open) {
  json::array names;
  json::array conditions;
  for (const auto& [name, schema] : choices) {
    names.emplace_back(name);
    conditions.push_back(
        {{"if", {{"properties", {{"name", {{"const", name}}}}}, {"required", json::array{"name"}}}},
         {"then", schema}});
  }
  json::object name{{"enum", std::move(names)}};
  if (open) name = {{"anyOf", {std::move(name), {{"type", "string"}, {"minLength", 1}}}}};
  json::object all{{"type", "object"},
                   {"required", json::array{"name"}},
                   {"properties", {{"name", std::move(name)}}}};
  if (!conditions.empty()) all["allOf"] = std::move(conditions);
  return all;
}

void add_plugins(json::object& definitions, std::string_view kind, const plugin_list& known) {
  if (definitions.contains(kind)) return;
  definitions[kind] = nullptr; // it is being made: a plugin may hold one of its own kind
  json::object choices;
  for (const auto* p : known) {
    choices[p->name] = options_schema(*p);
    for (const auto& o : p->options)
      if (o.inner) add_plugins(definitions, o.key, o.inner());
  }
  definitions[kind] = choice_by_name(choices, false);
}

} // namespace troupe
