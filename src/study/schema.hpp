#pragma once

#include <troupe/trainable.hpp>

#include <boost/json/object.hpp>

namespace troupe {

/// Returns a JSON Schema (draft 7, which editors know) of the study file, for a program with these
/// trainables: keys, laws, plugins with their options, and what they say. What only the whole study
/// can judge is left to read_study. A study file may name the schema in a key "$schema".
boost::json::object study_schema(const registry& known);

} // namespace troupe
