#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// Text as a person sees it on a terminal: UTF-8, measured in columns.
namespace troupe {

/// Returns how many columns `text` takes: 0 for a combining character, 2 for a wide one, 1 for any
/// other and for each byte that is not printable UTF-8. Independent of the process's locale.
int display_width(std::string_view text);

/// Returns `text`, cut to `columns` with "…" at the end if it is longer. What is not printable
/// (control characters, escape sequences, broken UTF-8) becomes "?", so that no name, parameter or
/// error message can disturb the terminal. Empty if `columns` < 1.
std::string fit(std::string_view text, int columns);

/// Returns `text` made printable as fit() does, however long it is.
std::string printable(std::string_view text);

/// Returns `text` with spaces before (or after) it to make it at least `columns` wide.
std::string pad_left(std::string_view text, int columns);
std::string pad_right(std::string_view text, int columns);

/// Returns the printable first line of `text`, of at most 1,000 columns.
std::string first_line(std::string_view text);

/// Returns a duration in whole seconds as "0:05", "12:34" or "1:02:03". Negative ones count as
/// zero.
std::string clock_text(std::chrono::nanoseconds duration);

/// Returns `x` with up to `digits` significant digits, as "%g" prints it: "1.87", "1e-05", "nan".
std::string short_number(double x, int digits);

/// Returns a parameter's value for a crowded line: floats with `digits` significant digits, strings
/// without quotes, and nothing longer than `columns`.
std::string short_value(const boost::json::value& v, int digits, int columns);

} // namespace troupe
