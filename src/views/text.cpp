#include "views/text.hpp"

#include "base/escape.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cwchar>
#include <limits>
#include <locale.h>

namespace troupe {
namespace {

/// Makes the calling thread read text as UTF-8 while it lives: mbrtowc and wcwidth go by the
/// thread's locale.
class utf8_scope {
public:
  utf8_scope() : before_{uselocale(utf8())} {}
  ~utf8_scope() { uselocale(before_); }
  utf8_scope(const utf8_scope&) = delete;
  utf8_scope& operator=(const utf8_scope&) = delete;

private:
  static locale_t utf8() {
    static const locale_t built_in = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return built_in;
  }

  locale_t before_;
};

/// The first character of a text: its bytes and columns.
struct glyph {
  std::size_t bytes = 1;
  int columns = 1;
  bool printable = false;
};

/// Needs a utf8_scope. `text` is not empty.
glyph first_glyph(std::string_view text) {
  wchar_t c = 0;
  std::mbstate_t state{};
  const std::size_t bytes = std::mbrtowc(&c, text.data(), text.size(), &state);
  if (bytes == 0 || bytes > text.size()) return {};
  const int columns = wcwidth(c);
  return columns < 0 || disturbs(static_cast<char32_t>(c)) ? glyph{bytes, 1, false}
                                                           : glyph{bytes, columns, true};
}

} // namespace

int display_width(std::string_view text) {
  const utf8_scope utf8;
  int columns = 0;
  while (!text.empty()) {
    const glyph g = first_glyph(text);
    columns += g.columns;
    text.remove_prefix(g.bytes);
  }
  return columns;
}

std::string fit(std::string_view text, int columns) {
  const utf8_scope utf8;
  std::string out;
  std::size_t cut = 0; // where "…" would begin
  int used = 0;
  while (!text.empty()) {
    const glyph g = first_glyph(text);
    if (g.columns > columns - used) {
      out.resize(cut);
      return columns < 1 ? std::string{} : out + "…";
    }
    if (used + g.columns <= columns - 1) cut = out.size() + (g.printable ? g.bytes : 1);
    used += g.columns;
    out += g.printable ? text.substr(0, g.bytes) : std::string_view{"?"};
    text.remove_prefix(g.bytes);
  }
  return out;
}

std::string printable(std::string_view text) {
  return fit(text, std::numeric_limits<int>::max());
}

std::string pad_left(std::string_view text, int columns) {
  const int missing = columns - display_width(text);
  return std::string(static_cast<std::size_t>(std::max(missing, 0)), ' ').append(text);
}

std::string pad_right(std::string_view text, int columns) {
  const int missing = columns - display_width(text);
  return std::string{text}.append(static_cast<std::size_t>(std::max(missing, 0)), ' ');
}

std::string first_line(std::string_view text) {
  constexpr int longest = 1000;
  return fit(text.substr(0, text.find_first_of("\r\n")), longest);
}

std::string clock_text(std::chrono::nanoseconds duration) {
  const auto s =
      std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(duration).count(), 0);
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string short_number(double x, int digits) {
  return fmt::format("{:.{}g}", x, digits);
}

std::string short_value(const boost::json::value& v, int digits, int columns) {
  if (v.is_double()) return fit(short_number(v.get_double(), digits), columns);
  if (v.is_string()) return fit(std::string_view{v.get_string()}, columns);
  return fit(to_text(v), columns);
}

} // namespace troupe
