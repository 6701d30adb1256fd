#pragma once

#include "views/table.hpp"

#include <functional>
#include <string_view>

namespace troupe {

/// Returns whether a row fits.
using row_filter = std::function<bool(const table::row&)>;

/// Reads what rows of a table are to be like:
///
///     lr < 0.01 and state = stopped
///     not (loss > 0.5 or reason = "out of memory") and batch_size != 16
///
/// Comparisons of a column with a value by = (or ==), != , <, <=, >, >=, or ~ (the text contains
/// that one), joined by `not`, `and`, `or`, and parentheses. A value is a number, true, false, null
/// (nothing there), a word, or a text in quotes; columns whose names are more than a word are
/// quoted as well. Numbers are compared with numbers, and with texts that are numbers: id = 3. What
/// cannot be compared, is not there, or is NaN does not fit, whatever the comparison; but for !=
/// null and = nan.
///
/// Throws std::invalid_argument, saying what was expected and where, for anything else, and for a
/// value that can be compared with none of the column's.
row_filter read_filter(std::string_view text, const table& t);

} // namespace troupe
