#include "base/json.hpp"

#include "base/json_outline.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cmath>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 64;

/// Builds a value from the parser's events. Numbers are read from their text, because the parser's
/// own doubles are often off by one unit in the last place.
struct value_builder {
  using text = json::string_view;
  using error_code = json::error_code;

  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::value_stack stack{};

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }
  bool on_number_part(text, error_code&) { return true; }

  bool on_object_end(std::size_t n, error_code&) { return stack.push_object(n), true; }
  bool on_array_end(std::size_t n, error_code&) { return stack.push_array(n), true; }
  bool on_key_part(text s, std::size_t, error_code&) { return stack.push_chars(s), true; }
  bool on_key(text s, std::size_t, error_code&) { return stack.push_key(s), true; }
  bool on_string_part(text s, std::size_t, error_code&) { return stack.push_chars(s), true; }
  bool on_string(text s, std::size_t, error_code&) { return stack.push_string(s), true; }
  bool on_bool(bool b, error_code&) { return stack.push_bool(b), true; }
  bool on_null(error_code&) { return stack.push_null(), true; }
  bool on_int64(std::int64_t, text s, error_code& e) { return push_number(s, 0, e); }
  bool on_uint64(std::uint64_t, text s, error_code& e) { return push_number(s, 0, e); }
  bool on_double(double d, text s, error_code& e) { return push_number(s, d, e); }

  bool push_number(std::string_view s, double estimate, error_code& error) {
    if (s.find_first_of(".eE") == s.npos) {
      if (std::int64_t n = 0; read(s, n)) return stack.push_int64(n), true;
      if (std::uint64_t n = 0; read(s, n)) return stack.push_uint64(n), true;
    }
    double x = 0;
    if (!read(s, x)) {
      if (!(std::abs(estimate) < 1)) return error = json::error::exponent_overflow, false;
      x = std::copysign(0.0, estimate);
    }
    return stack.push_double(x), true;
  }

  template <class T>
  static bool read(std::string_view s, T& out) {
    return std::from_chars(s.data(), s.data() + s.size(), out).ec == std::errc{};
  }
};

std::string explain(std::string_view text, std::size_t offset, json::error_code error,
                    bool lenient) {
  if (error == json::error::too_deep)
    return "nested deeper than " + std::to_string(max_depth) + " levels";
  if (error == json::error::exponent_overflow) return "a number beyond the range of a double";
  return json_outline{text, lenient}.explain(offset);
}

json::value parse(std::string_view text, bool lenient) {
  auto options = json::parse_options{};
  options.max_depth = max_depth;
  options.allow_comments = lenient;
  options.allow_trailing_commas = lenient;
  auto parser = json::basic_parser<value_builder>{options};
  parser.handler().stack.reset();
  auto error = json::error_code{};
  const auto offset = parser.write_some(false, text.data(), text.size(), error);
  if (!error && offset < text.size()) error = json::error::extra_data;
  if (error)
    throw json_error{position_of(text, offset), explain(text, offset, error, lenient),
                     error == json::error::incomplete || error == json::error::too_deep};
  return parser.handler().stack.release();
}

} // namespace

json_document parse_document(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; // some editors begin files with it
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  auto document = json_document{parse(text, true), {}, {}};
  json_outline{text, true}.locate(document);
  return document;
}

json::value parse_json(std::string_view text) {
  return parse(text, false);
}

} // namespace troupe
