#include "base/escape.hpp"
#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::size_t line_width = 80;

void write_control(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
  case '\b':
    out += "\\b";
    return;
  case '\t':
    out += "\\t";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\f':
    out += "\\f";
    return;
  case '\r':
    out += "\\r";
    return;
  default:
    out += "\\u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
}

void write_scalar(std::string& out, const json::value& v) {
  switch (v.kind()) {
  case json::kind::null:
    out += "null";
    break;
  case json::kind::bool_:
    out += v.get_bool() ? "true" : "false";
    break;
  case json::kind::int64:
    out += std::to_string(v.get_int64());
    break;
  case json::kind::uint64:
    out += std::to_string(v.get_uint64());
    break;
  case json::kind::double_:
    write_json_number(out, v.get_double());
    break;
  default:
    write_json_text(out, v.get_string());
  }
}

void break_line(std::string& out, int depth) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

void write_pretty(std::string& out, const json::value& v, int depth) {
  const auto line = to_text(v);
  const bool fits = line.size() + 2 * static_cast<std::size_t>(depth) <= line_width;
  const auto* object = v.if_object();
  if (!v.is_structured() || fits) {
    out += line;
    return;
  }
  const char* separator = "";
  out += object ? '{' : '[';
  const auto begin_item = [&] {
    out += std::exchange(separator, ",");
    break_line(out, depth + 1);
  };
  if (object)
    for (const auto& [key, item] : *object) {
      begin_item();
      write_json_text(out, key);
      out += ": ";
      write_pretty(out, item, depth + 1);
    }
  else
    for (const auto& item : v.get_array()) {
      begin_item();
      write_pretty(out, item, depth + 1);
    }
  break_line(out, depth);
  out += object ? '}' : ']';
}

} // namespace

void write_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  const auto is_plain = [](char c) { return c >= 0x20 && c != '"' && c != '\\'; };
  out += '"';
  for (;;) {
    const auto plain_end = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(plain_end - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto size = first_character(text);
    const char c = text.front();
    if (size == 0)
      out += replacement;
    else if (static_cast<unsigned char>(c) < 0x20)
      write_control(out, c);
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  out += '"';
}

void write_json_number(std::string& out, double x) {
  if (std::isfinite(x))
    out += to_text(x);
  else
    ((out += '"') += to_text(x)) += '"';
}

void write_json(std::string& out, const json::value& v) {
  const char* separator = "";
  if (const auto* object = v.if_object()) {
    out += '{';
    for (const auto& [key, item] : *object) {
      out += std::exchange(separator, ", ");
      write_json_text(out, key);
      out += ": ";
      write_json(out, item);
    }
    out += '}';
  } else if (const auto* list = v.if_array()) {
    out += '[';
    for (const auto& item : *list) {
      out += std::exchange(separator, ", ");
      write_json(out, item);
    }
    out += ']';
  } else {
    write_scalar(out, v);
  }
}

std::string to_text(const json::value& v) {
  std::string out;
  write_json(out, v);
  return out;
}

std::string to_pretty_text(const json::value& v) {
  std::string out;
  write_pretty(out, v, 0);
  return out += '\n';
}

double as_number(const json::value& v) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  if (v.is_double()) return v.get_double();
  if (v.is_int64()) return static_cast<double>(v.get_int64());
  if (v.is_uint64()) return static_cast<double>(v.get_uint64());
  if (v.is_string()) {
    const auto text = std::string_view{v.get_string()};
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (text == "inf") return infinity;
    if (text == "-inf") return -infinity;
  }
  throw std::invalid_argument{to_text(v) + R"( is not a number, "nan", "inf" or "-inf")"};
}

json::value number(double x) {
  if (std::isfinite(x)) return x;
  return json::value(to_text(x));
}

std::string to_text(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer;
  const auto write = [&](std::chars_format format) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, format).ptr;
    return std::string_view{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
  };
  const auto size = std::abs(x);
  if (size != 0 && (size < 1e-4 || size >= 1e16))
    return std::string{write(std::chars_format::scientific)};
  auto text = std::string{write(std::chars_format::fixed)};
  if (text.find('.') == text.npos) text += ".0";
  return text;
}

} // namespace troupe
