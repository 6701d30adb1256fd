#include "base/escape.hpp"

#include <algorithm>

namespace troupe {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Whether a text holds nothing but letters of ASCII, ends of lines and tabs.
bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'; });
}

void append_hex(std::string& out, char32_t c, int count) {
  while (count-- > 0)
    out += hex_digits[(c >> (4 * count)) & 15U];
}

} // namespace

bool disturbs(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

std::size_t first_character(std::string_view text, char32_t* c) noexcept {
  const auto byte = [&](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const char32_t first = byte(0);
  const std::size_t size = first < 0x80                    ? 1
                           : first >= 0xc2 && first < 0xe0 ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (text.empty() || size == 0) return 0;
  char32_t found = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
    found = found << 6U | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && found < 0x800) || (size == 4 && found < 0x10000);
  const bool surrogate = found >= 0xd800 && found < 0xe000;
  if (overlong || surrogate || found > 0x10ffff) return 0;
  if (c) *c = found;
  return size;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = first_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_escaped(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += text;
    return;
  }
  while (!text.empty()) {
    char32_t c = 0;
    const auto size = first_character(text, &c);
    if (size == 0) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text.front()), 2);
    } else if (disturbs(c) && c != '\n' && c != '\t') {
      out += "\\u";
      append_hex(out, c, 4);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

std::string escaped_line(std::string_view text) {
  std::string line;
  for (std::size_t end = 0; (end = text.find_first_of("\n\r\t")) != text.npos;) {
    append_escaped(line, text.substr(0, end));
    line += text[end] == '\n' ? "\\n" : text[end] == '\r' ? "\\r" : "\\t";
    text.remove_prefix(end + 1);
  }
  append_escaped(line, text);
  return line;
}

} // namespace troupe
