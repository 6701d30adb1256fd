#pragma once

#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// A place in a text, from 1.
struct text_position {
  int line = 1;
  int column = 1; ///< In bytes.
};

/// A text that is not JSON.
struct json_error : std::runtime_error {
  json_error(text_position where, const std::string& problem, bool begins = false)
      : std::runtime_error{problem},
        at{where},
        is_begun{begins} {}
  text_position at;
  bool is_begun; ///< It is the beginning of JSON, which is cut off, or too deep from there on.
};

/// A JSON text and where its parts stand.
struct json_document {
  boost::json::value value;
  /// The position of each member's key, of each array element, and of the whole value, by path
  /// ("space/lr", "stop/0", "").
  std::unordered_map<std::string, text_position> positions;
  /// Members that stand twice in one object, by path, at their second position. The value has the
  /// last of them.
  std::vector<std::pair<std::string, text_position>> duplicates;
};

/// Reads a JSON text with `//` and `/* */` comments and trailing commas. Numbers are exact: an
/// integer that fits becomes int64 or uint64, everything else the nearest double. Depth is limited
/// to 64. Throws json_error, saying what was expected.
json_document parse_document(std::string_view text);

/// Reads strict JSON (no comments), exact numbers, without positions: for lines that programs
/// wrote.
boost::json::value parse_json(std::string_view text);

/// Appends `v` to `out` as JSON on one line, with ", " and ": " between (as Python prints it).
/// Numbers read back exactly; non-finite ones become the strings "nan", "inf", "-inf". Bytes that
/// are not UTF-8 become U+FFFD, so that whatever is written can be read.
void write_json(std::string& out, const boost::json::value& v);

/// The same for what is not a value yet.
/// @{
void write_json_text(std::string& out, std::string_view text);
void write_json_number(std::string& out, double x);
/// @}

std::string to_text(const boost::json::value& v);

/// Returns `v` as indented JSON, two spaces a level, ending in a newline. What fits on a
/// line of 80 columns stays on one.
std::string to_pretty_text(const boost::json::value& v);

/// Returns the number that a JSON number, or one of the strings "nan", "inf", "-inf", stands for.
/// Throws std::invalid_argument for anything else.
double as_number(const boost::json::value& v);

/// Returns `x` as JSON: a number, or "nan", "inf", "-inf".
boost::json::value number(double x);

/// Returns the shortest text that reads back as `x`: 0.1, 1e-05, 16.0, nan, inf, -inf. Integral
/// values keep ".0" as in Python.
std::string to_text(double x);

} // namespace troupe
