#include "base/path.hpp"
#include "search/space/expression.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace troupe {

namespace {

constexpr auto keywords = std::to_array<std::string_view>(
    {"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
     "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
     "repeat",   "return", "then", "true", "until",  "while"});

constexpr auto functions = std::to_array<std::string_view>(
    {"math", "uniform", "loguniform", "randint", "choice", "quniform", "qloguniform", "randn",
     "qrandn", "qrandint", "lograndint", "qlograndint", "float", "int"});

template <class Names>
bool has(const Names& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Splits an expression that has the right syntax into the parts that matter for names.
class lexer {
public:
  explicit lexer(std::string_view text) : rest_{text} {}

  expression_names names() {
    expression_names all;
    while (skip_blanks(), !rest_.empty()) {
      const bool may_be_key = is_in_table() && separates_keys(before_);
      const auto name = take_name();
      if (name.empty()) {
        skip_other();
        continue;
      }
      before_ = 'n';
      if (name == "function") all.has_functions = true;
      if (name == "goto") skip_name();
      if (!has(keywords, name) && !(may_be_key && is_assigned()))
        all.paths.push_back(take_fields(std::string{name}));
    }
    return all;
  }

private:
  static bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
  static bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

  static bool separates_keys(char c) { return c == '{' || c == ',' || c == ';'; }
  bool is_in_table() const { return !brackets_.empty() && brackets_.back() == '{'; }

  void skip(std::size_t n) { rest_.remove_prefix(std::min(n, rest_.size())); }

  /// Blanks and comments.
  void skip_blanks() {
    for (;;) {
      while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())))
        skip(1);
      if (!rest_.starts_with("--")) return;
      skip(2);
      if (!take_long_text()) skip(rest_.find('\n'));
    }
  }

  std::string_view take_while(auto belongs) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    skip(taken.size());
    return taken;
  }

  std::string_view take_name() {
    if (rest_.empty() || !is_letter(rest_.front())) return {};
    return take_while([](char c) { return is_letter(c) || is_digit(c); });
  }

  void skip_name() {
    skip_blanks();
    take_name();
  }

  /// Whether `=` follows, not `==`.
  bool is_assigned() {
    skip_blanks();
    return rest_.starts_with('=') && !rest_.starts_with("==");
  }

  /// Takes what follows a name: `.field`, `["field"]`, `[1]`.
  std::string take_fields(std::string path) {
    for (;;) {
      skip_blanks();
      const auto rest = rest_;
      const auto field = take_field();
      if (!field) {
        rest_ = rest;
        return path;
      }
      (path += '/') += *field;
    }
  }

  std::optional<std::string> take_field() {
    if (rest_.starts_with('.') && !rest_.starts_with("..")) {
      skip(1);
      skip_blanks();
      return std::string{take_name()};
    }
    if (!rest_.starts_with('[')) return std::nullopt;
    skip(1);
    skip_blanks();
    auto key = take_key();
    skip_blanks();
    if (!key || !rest_.starts_with(']')) return std::nullopt;
    skip(1);
    return key;
  }

  std::optional<std::string> take_key() {
    if (const auto text = take_text()) return std::string{*text};
    const auto digits = take_while(is_digit);
    std::uint32_t index = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (index == 0) return std::nullopt;
    return std::to_string(index - 1);
  }

  /// "text" or 'text', as it stands.
  std::optional<std::string_view> take_text() {
    if (!rest_.starts_with('"') && !rest_.starts_with('\'')) return std::nullopt;
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != rest_.front())
      end += rest_[end] == '\\' ? 2 : 1;
    const auto text = rest_.substr(1, end - 1);
    skip(end + 1);
    return text;
  }

  /// [[text]] or [==[text]==].
  bool take_long_text() {
    if (!rest_.starts_with('[')) return false;
    const auto second = rest_.find_first_not_of('=', 1);
    if (second == rest_.npos || rest_[second] != '[') return false;
    const auto closing = "]" + std::string(second - 1, '=') + "]";
    const auto end = rest_.find(closing, second);
    skip(end == rest_.npos ? end : end + closing.size());
    return true;
  }

  /// Texts, numbers, operators; with an operator the name that belongs to it: a field of what is no
  /// name (`({w = 3}).w`), a method (`a:b()`), a label (`::a::`).
  void skip_other() {
    const auto first = rest_.front();
    before_ = 't';
    if (take_text() || take_long_text()) return;
    const bool is_number =
        is_digit(first) || (rest_.size() > 1 && first == '.' && is_digit(rest_[1]));
    if (is_number) {
      take_while([](char c) { return is_letter(c) || is_digit(c) || c == '.'; });
      return;
    }
    before_ = first;
    const bool is_doubled = rest_.size() > 1 && rest_[1] == first;
    if (first == '{' || first == '(' || first == '[') brackets_ += first;
    if ((first == '}' || first == ')' || first == ']') && !brackets_.empty()) brackets_.pop_back();
    skip(is_doubled && (first == '.' || first == ':' || first == '=') ? 2 : 1);
    if ((first == '.' && !is_doubled) || first == ':') skip_name();
    if (first == ':' && is_doubled && rest_.starts_with("::")) skip(2);
  }

  std::string_view rest_;
  std::string brackets_; ///< Those that are open.
  char before_ = '\0';   ///< What came last: a sign as it is, 'n' a name, 't' a text or number.
};

} // namespace

expression_names names_in(std::string_view text) {
  return lexer{text}.names();
}

bool is_expression_function(std::string_view name) noexcept {
  return has(functions, name);
}

} // namespace troupe
