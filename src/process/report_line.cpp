#include "process/report_line.hpp"

#include "base/json.hpp"
#include "process/shown_line.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace troupe {

namespace {

constexpr std::string_view report_mark = "TROUPE ";

/// Returns `text` with the numbers that JSON does not have as the texts that stand for them.
std::string without_bare_words(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> words{
      {{"NaN", R"("nan")"}, {"-Infinity", R"("-inf")"}, {"Infinity", R"("inf")"}}};
  std::string out;
  bool in_text = false;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (in_text && text.front() == '\\') taken = std::min<std::size_t>(2, text.size());
    if (text.front() == '"') in_text = !in_text;
    auto written = text.substr(0, taken);
    if (!in_text)
      for (const auto& [word, instead] : words)
        if (text.starts_with(word)) {
          taken = word.size();
          written = instead;
          break;
        }
    out += written;
    text.remove_prefix(taken);
  }
  return out;
}

} // namespace

metrics metrics_in(const boost::json::object& given) {
  metrics m;
  for (const auto& [name, value] : given)
    try {
      m.set(name, as_number(value));
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument{"\"" + std::string{name} + "\": " + e.what()};
    }
  return m;
}

boost::json::value read_python_json(std::string_view text) {
  return parse_json(without_bare_words(text));
}

std::optional<metrics> read_report_line(std::string_view line) {
  if (!line.starts_with(report_mark)) return std::nullopt;
  try {
    const auto v = read_python_json(line.substr(report_mark.size()));
    if (!v.is_object()) throw std::invalid_argument{"it must be an object"};
    return metrics_in(v.get_object());
  } catch (const std::exception& e) {
    throw std::runtime_error{
        "a line that begins with TROUPE must go on like {\"loss\": 0.3}, but " +
        std::string{e.what()} + "; the line: " + shown_line(line)};
  }
}

} // namespace troupe
