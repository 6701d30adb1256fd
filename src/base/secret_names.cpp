#include "base/secret_names.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace troupe {

namespace {

bool is_small(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_capital(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Returns the words of a name, in small letters and without the digits at their ends.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words{{}};
  char before = 0;
  for (const char c : name) {
    const bool belongs = is_small(c) || is_capital(c) || is_digit(c);
    if (!belongs || (is_small(before) && is_capital(c))) words.emplace_back();
    if (belongs) words.back() += is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
    before = c;
  }
  for (auto& word : words)
    while (!word.empty() && is_digit(word.back()))
      word.pop_back();
  std::erase(words, "");
  return words;
}

bool ends_like(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](auto ending) { return word.ends_with(ending); });
}

bool says_secret(std::string_view word) {
  if (word.ends_with('s') && !word.ends_with("ss")) word.remove_suffix(1);
  return ends_like(word, {"password", "passwd", "passphrase", "secret", "credential"});
}

bool opens_something(std::string_view word) {
  return word == "key" ||
         ends_like(word, {"token", "apikey", "accesskey", "authkey", "privatekey", "secretkey"});
}

bool says_what_for(std::string_view word) {
  constexpr std::array<std::string_view, 8> uses{"access", "api",     "auth",    "bearer",
                                                 "ssh",    "private", "refresh", "session"};
  return std::ranges::find(uses, word) != uses.end();
}

bool belongs_to_name(char c) noexcept {
  return is_small(c) || is_capital(c) || is_digit(c) || c == '_' || c == '-';
}

} // namespace

bool names_secret(std::string_view name) {
  const auto words = words_of(name);
  if (words.empty()) return false;
  if (std::ranges::any_of(words, says_secret)) return true;
  std::string_view last = words.back();
  if (opens_something(last)) return true;
  if (!last.ends_with('s') || words.size() < 2) return false;
  last.remove_suffix(1);
  return opens_something(last) && says_what_for(words[words.size() - 2]);
}

std::string without_secrets(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && belongs_to_name(text[end]))
      ++end;
    if (end < text.size() && names_secret(text.substr(begin, end - begin)))
      return std::string{text.substr(0, end)} + (text[end] == '=' ? "=…" : "…");
    begin = std::max(end, begin + 1);
  }
  return std::string{text};
}

} // namespace troupe
