#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Returns whether a terminal would do something else with character `c` than show it: control
/// characters (ESC, DEL and C1 among them), marks that turn the direction of a text, separators of
/// lines, and the byte order mark. Names, parameters and messages may hold them.
bool disturbs(char32_t c) noexcept;

/// Returns the length of the UTF-8 character that `text` begins with, or 0 if it begins with none.
/// If it does and `c` is not null, `*c` becomes the character.
std::size_t first_character(std::string_view text, char32_t* c = nullptr) noexcept;

/// Returns whether all of `text` is UTF-8: only then it can be written down as JSON and be the same
/// when it is read.
bool is_utf8(std::string_view text) noexcept;

/// Appends `text` to `out` so that a terminal only shows it: a character that disturbs is written
/// \u001b, a byte that is not UTF-8 \xff. Ends of lines and tabs stay. A JSON text stays the same
/// JSON, as it has such characters in quotes alone, where \u001b means just that.
void append_escaped(std::string& out, std::string_view text);

std::string escaped(std::string_view text);

/// The same, and ends of lines and tabs are written \n, \r and \t: what was a line stays one.
std::string escaped_line(std::string_view text);

} // namespace troupe
