#include "study/space_schema.hpp"

#include "base/json.hpp"
#include "search/space/laws.hpp"
#include "study/plugin_schema.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

/// What stands in place of a parameter, as `{KEY: ARGUMENT}`.
struct primitive {
  std::string_view key;
  std::string_view argument; ///< A schema.
};

constexpr std::string_view two_numbers =
    R"({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})";
constexpr std::string_view three_numbers =
    R"({"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3})";
constexpr std::string_view two_wholes =
    R"({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2})";
constexpr std::string_view three_wholes =
    R"({"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3})";

constexpr primitive primitives[] = {
    {"uniform", two_numbers},
    {"loguniform", two_numbers},
    {"randint", two_wholes},
    {"choice", R"({"type": "array", "minItems": 1})"},
    {"quniform", three_numbers},
    {"qloguniform", three_numbers},
    {"randn", R"({"type": "array", "items": {"type": "number"}, "maxItems": 2})"},
    {"qrandn", three_numbers},
    {"qrandint", three_wholes},
    {"lograndint", two_wholes},
    {"qlograndint", three_wholes},
    {"grid_search",
     R"({"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/value"}})"},
    {"float", R"({"type": "object", "required": ["low", "high"], "additionalProperties": false,
       "properties": {"low": {"type": "number"}, "high": {"type": "number"},
                      "step": {"type": "number"}, "log": {"type": "boolean"}}})"},
    {"int", R"({"type": "object", "required": ["low", "high"], "additionalProperties": false,
       "properties": {"low": {"type": "integer"}, "high": {"type": "integer"},
                      "step": {"type": "integer"}, "log": {"type": "boolean"}}})"},
    {"expr", R"({"type": "string"})"},
    {"const", "{}"},
    {"object", R"({"type": "object", "additionalProperties": {"$ref": "#/definitions/value"}})"},
};

std::string words_for(const primitive& p) {
  const auto* law = find_law(p.key);
  return law ? "a law: " + std::string{law->takes} : "a value that would otherwise look like a law";
}

/// A schema of whatever has such a key.
json::object has_key(const primitive& p) {
  return {{"type", "object"}, {"required", json::array{p.key}}};
}

json::object value_schema() {
  json::array any;
  json::array conditions;
  for (const auto& p : primitives) {
    any.push_back(has_key(p));
    auto argument = parse_json(p.argument).get_object();
    argument["description"] = words_for(p);
    conditions.push_back(
        {{"if", has_key(p)},
         {"then",
          {{"properties", {{p.key, std::move(argument)}, {"when", reference_to("when")}}},
           {"additionalProperties", false}}}});
  }
  conditions.push_back(
      {{"if", {{"anyOf", std::move(any)}}},
       {"else",
        {{"additionalProperties", reference_to("value")}, {"items", reference_to("value")}}}});
  return {{"allOf", std::move(conditions)}};
}

} // namespace

void add_space(json::object& definitions) {
  definitions["when"] = parse_json(
      R"({"type": "object", "minProperties": 1, "description":
        "the parameter is there if each parameter that is named has the value, or one of the values"})");
  definitions["value"] = value_schema();
  definitions["space"] =
      json::object{{"type", "object"}, {"additionalProperties", reference_to("value")}};
}

} // namespace troupe
