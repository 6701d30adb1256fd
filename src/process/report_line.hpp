#pragma once

#include <troupe/metrics.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace troupe {

/// Reads the report that a program makes by printing a line like
///
///     TROUPE {"loss": 0.3, "accuracy": 0.9}
///
/// None if the line begins otherwise. Values are numbers; beside JSON's also NaN, Infinity and
/// -Infinity, as Python prints them, and "nan", "inf", "-inf". Throws std::runtime_error, showing
/// the line, if what follows is anything else.
std::optional<metrics> read_report_line(std::string_view line);

/// Returns the numbers of `given`, which may be "nan", "inf" and "-inf" as well. Throws
/// std::invalid_argument naming what is none.
metrics metrics_in(const boost::json::object& given);

/// Reads strict JSON, but with the numbers that Python prints beside: NaN, Infinity, -Infinity,
/// which become the texts "nan", "inf", "-inf". Throws json_error for anything else.
boost::json::value read_python_json(std::string_view text);

} // namespace troupe
