#include "store/plain_json.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr int most_depth = 8;
constexpr int most_exponent_digits = 3; ///< Of others readers differ.

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_plain(char c) noexcept {
  return c >= ' ' && c < '\x7f' && c != '\\';
}

} // namespace

bool plain_json::take_word(std::string_view word) noexcept {
  skip_spaces();
  if (!std::string_view{at_, end_}.starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool plain_json::read(std::string_view& text) noexcept {
  if (!take('"')) return false;
  const auto* quote = std::find_if(at_, end_, [](char c) { return c == '"' || !is_plain(c); });
  text = {at_, quote};
  at_ = quote;
  return take('"');
}

bool plain_json::skip_digits() noexcept {
  const auto* start = at_;
  while (at_ != end_ && is_digit(*at_))
    ++at_;
  return at_ != start;
}

/// Returns a number as JSON allows it, which from_chars takes more of; empty if there is none.
std::string_view plain_json::number(bool& whole) noexcept {
  skip_spaces();
  const auto* start = at_;
  if (at_ != end_ && *at_ == '-') ++at_;
  const auto* first = at_;
  if (!skip_digits() || (*first == '0' && at_ - first > 1)) return {};
  whole = true;
  if (at_ != end_ && *at_ == '.') {
    whole = false;
    ++at_;
    if (!skip_digits()) return {};
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    whole = false;
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    const auto* exponent = at_;
    if (!skip_digits() || at_ - exponent > most_exponent_digits) return {};
  }
  return {start, at_};
}

bool plain_json::read(double& x) noexcept {
  bool whole = false;
  if (!read_all(number(whole), x)) return false;
  if (whole && x == 0) x = 0; // a whole number has no sign without a value
  return true;
}

/// Reads an object whose members `read_one` reads, given their names.
template <class Object, class Member>
bool plain_json::read_members(Object& out, Member read_one) {
  if (!take('{')) return false;
  if (take('}')) return true;
  do {
    std::string_view name;
    if (!read(name) || !take(':') || !read_one(out, name)) return false;
  } while (take(','));
  return take('}');
}

bool plain_json::read(metrics& out) {
  return read_members(out, [this](metrics& m, std::string_view name) {
    double x = 0;
    if (!read(x) || m.find(name)) return false;
    m.set(name, x);
    return true;
  });
}

bool plain_json::read(config& out) {
  if (++depth_ > most_depth) return false;
  const bool whole = read_members(out, [this](config& c, std::string_view name) {
    json::value v;
    return read_value(v) && c.emplace(name, std::move(v)).second; // a second one counts elsewhere
  });
  --depth_;
  return whole;
}

bool plain_json::read_value(json::value& out) {
  skip_spaces();
  if (at_ == end_) return false;
  if (*at_ == '{') return read(out.emplace_object());
  if (*at_ == '"') {
    std::string_view text;
    if (!read(text)) return false;
    out.emplace_string() = text;
    return true;
  }
  if (take_word("null")) return true;
  if (take_word("true") || take_word("false")) {
    out = at_[-2] == 'u';
    return true;
  }
  bool whole = false;
  const auto digits = number(whole);
  if (whole) return read_all(digits, out.emplace_int64());
  return read_all(digits, out.emplace_double());
}

} // namespace troupe
