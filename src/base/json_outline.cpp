#include "base/json_outline.hpp"

#include "base/path.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include <algorithm>

namespace troupe {

namespace {

/// Whoever writes about a member names its path, so a long one would cost each time.
constexpr std::size_t longest_path = 1000;

constexpr std::string_view punctuation = "{}[]:,";

bool is_json(std::string_view text) {
  boost::json::error_code error;
  boost::json::parse(text, error);
  return !error;
}

/// Says what is wrong with a text in quotes that begins like `token` and breaks off at `offset`.
std::string explain_text(std::string_view token, std::size_t offset) {
  if (offset >= token.size()) return "the text ends inside quotes: a '\"' is missing";
  const auto c = static_cast<unsigned char>(token[offset]);
  if (c == '\n' || c == '\r') return "a line break inside quotes: write \\n, or close the quotes";
  if (c < 0x20) return "a control character inside quotes: write it as \\u00XX";
  if (c >= 0x80) return "a byte that is not UTF-8 inside quotes";
  return R"(a wrong escape inside quotes; allowed are \" \\ \/ \b \f \n \r \t and \uXXXX)";
}

} // namespace

text_position position_of(std::string_view text, std::size_t offset) noexcept {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {static_cast<int>(lines) + 1, static_cast<int>(before.size() - line_start) + 1};
}

void json_outline::skip_blanks() {
  for (;;) {
    offset_ = std::min(text_.find_first_not_of(" \t\r\n", offset_), text_.size());
    if (!lenient_) return;
    const auto rest = text_.substr(offset_);
    const auto comment_end = [&](std::string_view mark) {
      const auto at = rest.find(mark, 2);
      return at == rest.npos ? rest.size() : at + mark.size();
    };
    if (rest.starts_with("//"))
      offset_ += comment_end("\n");
    else if (rest.starts_with("/*"))
      offset_ += comment_end("*/");
    else
      return;
  }
}

std::size_t json_outline::token_size() const {
  const auto rest = text_.substr(offset_);
  if (rest.empty()) return 0;
  if (punctuation.find(rest.front()) != punctuation.npos) return 1;
  if (rest.front() != '"') return std::min(rest.find_first_of(" \t\r\n\"/{}[]:,", 1), rest.size());
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') return i + 1;
    if (rest[i] == '\\') ++i;
  }
  return rest.size();
}

json_outline::token json_outline::next() {
  skip_blanks();
  auto t = token{offset_, text_.substr(offset_, token_size())};
  offset_ += t.text.size();
  return t;
}

text_position json_outline::position(std::size_t offset) {
  for (; counted_ < offset; ++counted_)
    if (text_[counted_] == '\n') {
      ++line_;
      line_start_ = counted_ + 1;
    }
  return {line_, static_cast<int>(offset - line_start_) + 1};
}

void json_outline::open(const token& t) {
  const bool is_object = t.kind() == '{';
  open_.push_back({is_object, t.begin, path_});
  expects_ = is_object ? expectation::name : expectation::value;
  may_close_ = true;
}

void json_outline::close() {
  open_.pop_back();
  expects_ = open_.empty() ? expectation::end : expectation::separator;
}

void json_outline::begin_value(const token& t, json_document& document) {
  const bool is_element = !open_.empty() && !open_.back().is_object;
  if (is_element) path_ = join_path(open_.back().path, std::to_string(open_.back().index++));
  if (is_element || open_.empty()) document.positions[path_] = position(t.begin);
  if (t.kind() == '{' || t.kind() == '[')
    open(t);
  else
    expects_ = open_.empty() ? expectation::end : expectation::separator;
}

void json_outline::take_name(const token& t, json_document& document) {
  auto& object = open_.back();
  const auto name = boost::json::parse(t.text);
  const auto at = position(t.begin);
  const auto size = object.path.size() + 1 + name.get_string().size();
  if (size > longest_path)
    throw json_error{at, "a name that is too long: with those around it, it may have " +
                             std::to_string(longest_path) + " characters; found " +
                             std::to_string(size)};
  path_ = join_path(object.path, std::string_view{name.get_string()});
  if (!object.names.emplace(std::string_view{name.get_string()}).second)
    document.duplicates.emplace_back(path_, at);
  document.positions[path_] = at;
  expects_ = expectation::colon;
}

void json_outline::take(const token& t, json_document& document) {
  const bool closes = t.kind() == '}' || t.kind() == ']';
  switch (expects_) {
  case expectation::value:
    closes ? close() : begin_value(t, document);
    break;
  case expectation::name:
    closes ? close() : take_name(t, document);
    break;
  case expectation::colon:
    expects_ = expectation::value;
    may_close_ = false;
    break;
  case expectation::separator:
    if (closes) return close();
    expects_ = open_.back().is_object ? expectation::name : expectation::value;
    may_close_ = lenient_;
    break;
  case expectation::end:
    break;
  }
}

void json_outline::locate(json_document& document) {
  for (auto t = next(); !t.text.empty(); t = next())
    take(t, document);
}

std::string json_outline::expected() const {
  const bool in_object = !open_.empty() && open_.back().is_object;
  const auto or_close = [&](const std::string& what) {
    return may_close_ ? what + (in_object ? " or '}'" : " or ']'") : what;
  };
  switch (expects_) {
  case expectation::value:
    return or_close("a value");
  case expectation::name:
    return or_close("a name in double quotes");
  case expectation::colon:
    return "':' after the name";
  case expectation::separator:
    return in_object ? "',' or '}'" : "',' or ']'";
  case expectation::end:
    return "nothing more";
  }
  return {};
}

std::string json_outline::explain(std::size_t offset) {
  json_document scratch;
  auto t = next();
  const auto is_scalar = [&] {
    return !t.text.empty() && punctuation.find(t.kind()) == punctuation.npos;
  };
  while (t.begin < offset && !t.text.empty() && (!is_scalar() || is_json(t.text))) {
    take(t, scratch);
    t = next();
  }
  if (t.text.empty()) {
    auto text = "the text ends too early: expected " + expected();
    if (open_.empty()) return text;
    const auto line = std::to_string(position_of(text_, open_.back().begin).line);
    return text + "; the '" + (open_.back().is_object ? '{' : '[') + "' of line " + line +
           " is still open";
  }
  if (t.kind() == '"' && t.begin < offset) return explain_text(t.text, offset - t.begin);
  return "expected " + expected() + ", found " + std::string{t.text.substr(0, 40)};
}

} // namespace troupe
