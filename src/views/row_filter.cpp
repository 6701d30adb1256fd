#include "views/row_filter.hpp"

#include "base/json.hpp"
#include "base/values.hpp"

#include <boost/json/value.hpp>

#include <charconv>
#include <cmath>
#include <compare>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

enum class token_kind : std::uint8_t { word, quoted, sign, end };

struct token {
  token_kind kind = token_kind::end;
  std::string text;
  std::size_t at = 0; ///< Its first byte, from 0.
};

constexpr std::string_view signs = "=!<>~()";

/// Takes a text apart.
class token_reader {
public:
  explicit token_reader(std::string_view text) : text_{text} {}

  token next() {
    at_ = std::min(text_.find_first_not_of(" \t\n", at_), text_.size());
    const auto begin = at_;
    if (at_ == text_.size()) return {token_kind::end, "", begin};
    const char first = text_[at_];
    if (first == '"' || first == '\'') return {token_kind::quoted, take_quoted(first), begin};
    if (signs.find(first) != signs.npos) return {token_kind::sign, take_sign(), begin};
    at_ = std::min(text_.find_first_of(" \t\n\"'=!<>~()", at_), text_.size());
    return {token_kind::word, std::string{text_.substr(begin, at_ - begin)}, begin};
  }

private:
  std::string take_quoted(char quote) {
    const auto end = text_.find(quote, at_ + 1);
    if (end == text_.npos)
      throw std::invalid_argument{"the text that begins at character " + std::to_string(at_ + 1) +
                                  " has no end"};
    const auto inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return std::string{inside};
  }

  std::string take_sign() {
    const bool is_double = at_ + 1 < text_.size() && text_[at_ + 1] == '=' &&
                           std::string_view{"=!<>"}.find(text_[at_]) != std::string_view::npos;
    const auto sign = text_.substr(at_, is_double ? 2 : 1);
    at_ += sign.size();
    return sign == "==" ? "=" : std::string{sign};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<double> number_in(std::string_view text) {
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return x;
}

json::value value_of(const token& t) {
  if (t.kind == token_kind::quoted) return json::value(t.text);
  if (t.text == "null") return nullptr;
  if (t.text == "true" || t.text == "false") return t.text == "true";
  if (const auto x = number_in(t.text)) return *x;
  return json::value(t.text);
}

std::optional<double> as_real(const json::value& v) {
  return v.is_string() ? number_in(v.get_string()) : real_number(v);
}

bool holds(const std::string& sign, std::partial_ordering order) {
  if (sign == "=") return std::is_eq(order);
  if (sign == "!=") return std::is_neq(order);
  if (sign == "<") return std::is_lt(order);
  if (sign == "<=") return std::is_lteq(order);
  return sign == ">" ? std::is_gt(order) : std::is_gteq(order);
}

bool contains(const json::value& cell, const json::value& wanted) {
  const auto text = cell.is_string() ? std::string{cell.get_string()} : to_text(cell);
  return text.find(std::string_view{wanted.get_string()}) != text.npos;
}

/// Whether the values are of kinds that can be compared; then `wanted` is what `cell` is.
bool are_comparable(const json::value& cell, const json::value& wanted) {
  if (as_real(cell) && as_real(wanted)) return true;
  return cell.kind() == wanted.kind() && !cell.is_number();
}

bool fits(const json::value& cell, const std::string& sign, const json::value& wanted) {
  if (wanted.is_null()) return cell.is_null() ? sign == "=" : sign == "!=";
  if (cell.is_null()) return false;
  if (sign == "~") return contains(cell, wanted);
  if (!are_comparable(cell, wanted)) return false;
  const auto x = as_real(cell), y = as_real(wanted);
  if (x && y) {
    if (std::isnan(*y)) return (sign == "=") == std::isnan(*x) && (sign == "=" || sign == "!=");
    return !std::isnan(*x) && holds(sign, *x <=> *y);
  }
  if (cell.is_string())
    return holds(sign, std::string_view{cell.get_string()} <=> wanted.get_string());
  const bool same = cell == wanted;
  return sign == "=" ? same : sign == "!=" && !same;
}

/// Reads conditions, by recursive descent.
class filter_parser {
public:
  filter_parser(std::string_view text, const table& t) : reader_{text}, table_{t} { advance(); }

  row_filter parse() {
    auto all = either();
    if (now_.kind != token_kind::end) refuse("\"and\", \"or\" or the end");
    return all;
  }

private:
  static constexpr int deepest = 100;

  void advance() { now_ = reader_.next(); }

  [[noreturn]] void refuse(const std::string& expected) const {
    throw std::invalid_argument{
        "expected " + expected + " at character " + std::to_string(now_.at + 1) + ", found " +
        (now_.kind == token_kind::end ? "the end" : "\"" + now_.text + "\"")};
  }

  bool take(token_kind kind, std::string_view text) {
    if (now_.kind != kind || now_.text != text) return false;
    advance();
    return true;
  }

  row_filter either() {
    auto first = both();
    while (take(token_kind::word, "or"))
      first = [a = std::move(first), b = both()](const table::row& r) { return a(r) || b(r); };
    return first;
  }

  row_filter both() {
    auto first = one();
    while (take(token_kind::word, "and"))
      first = [a = std::move(first), b = one()](const table::row& r) { return a(r) && b(r); };
    return first;
  }

  row_filter one() {
    if (++depth_ > deepest) throw std::invalid_argument{"it is nested too deeply"};
    auto condition = unnested();
    --depth_;
    return condition;
  }

  row_filter unnested() {
    if (take(token_kind::word, "not")) return [a = one()](const table::row& r) { return !a(r); };
    if (take(token_kind::sign, "(")) {
      auto inside = either();
      if (!take(token_kind::sign, ")")) refuse("\")\"");
      return inside;
    }
    return comparison();
  }

  row_filter comparison() {
    if (now_.kind != token_kind::word && now_.kind != token_kind::quoted) refuse("a column");
    const auto place = column_at(table_, now_.text);
    advance();
    if (now_.kind != token_kind::sign || now_.text == "(" || now_.text == ")" || now_.text == "!")
      refuse("one of = != < <= > >= ~");
    const auto sign = now_.text;
    advance();
    if (now_.kind != token_kind::word && now_.kind != token_kind::quoted) refuse("a value");
    auto wanted = sign == "~" ? json::value(now_.text) : value_of(now_);
    advance();
    if (wanted.is_null() && sign != "=" && sign != "!=")
      throw std::invalid_argument{"null can be compared by = and != alone"};
    refuse_other_kind(place, sign, wanted);
    return [place, sign, wanted = std::move(wanted)](const table::row& r) {
      return fits(r[place], sign, wanted);
    };
  }

  /// Where no row could ever fit, somebody has meant something else.
  void refuse_other_kind(std::size_t place, const std::string& sign, const json::value& wanted) {
    if (wanted.is_null() || sign == "~") return;
    bool any = false;
    for (const auto& row : table_.rows) {
      if (row[place].is_null()) continue;
      if (are_comparable(row[place], wanted)) return;
      any = true;
    }
    if (any)
      throw std::invalid_argument{"\"" + table_.columns[place].name +
                                  "\" cannot be compared with " + describe(wanted) +
                                  ": it has no values of that kind"};
  }

  token_reader reader_;
  const table& table_;
  token now_;
  int depth_ = 0;
};

} // namespace

row_filter read_filter(std::string_view text, const table& t) {
  return filter_parser{text, t}.parse();
}

} // namespace troupe
