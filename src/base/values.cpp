#include "base/values.hpp"

#include "base/json.hpp"
#include "base/secret_names.hpp"

#include <cmath>
#include <utility>

namespace troupe {

namespace {

/// Doubles up to here in size hold every integer exactly.
constexpr double largest_exact = 9007199254740992.0;

/// Lists and objects are shown up to so many characters.
constexpr std::size_t longest_quote = 60;

/// Texts are shown whole up to so many bytes.
constexpr std::size_t longest_text = 500;

} // namespace

std::string describe(const boost::json::value& v) {
  const auto* s = v.if_string();
  if (s && s->size() > longest_text)
    return "a text of " + std::to_string(s->size()) + " bytes that begins with " +
           to_text(boost::json::value(s->subview(0, longest_quote)));
  // A text may be an object that has lost a quote.
  const bool has_names = v.is_structured() || (s && (s->starts_with('{') || s->starts_with('[')));
  auto text = has_names ? without_secrets(to_text(v)) : to_text(v);
  if (s) return "the text " + text;
  if (!v.is_structured() || text.size() <= longest_quote) return text;
  return v.is_array() ? "a list" : "an object";
}

std::optional<std::int64_t> whole_number(const boost::json::value& v) noexcept {
  if (v.is_int64()) return v.get_int64();
  if (v.is_uint64() && std::in_range<std::int64_t>(v.get_uint64()))
    return static_cast<std::int64_t>(v.get_uint64());
  if (!v.is_double()) return std::nullopt;
  const double x = v.get_double();
  if (std::trunc(x) != x || std::abs(x) > largest_exact) return std::nullopt;
  return static_cast<std::int64_t>(x);
}

std::optional<double> real_number(const boost::json::value& v) noexcept {
  if (v.is_double()) return v.get_double();
  if (v.is_int64()) return static_cast<double>(v.get_int64());
  if (v.is_uint64()) return static_cast<double>(v.get_uint64());
  return std::nullopt;
}

boost::json::value plain_number(double x) {
  if (const auto whole = whole_number(x)) return *whole;
  return number(x);
}

} // namespace troupe
