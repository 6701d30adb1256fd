#include "views/report_page.hpp"

#include "base/json.hpp"

#include <stdexcept>

namespace troupe {

namespace {

constexpr std::string_view place = "/*DATA*/";

/// Returns JSON in which nothing can end a script, or begin a comment of HTML.
std::string without_markup(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text)
    c == '<' ? safe += "\\u003c" : safe += c;
  return safe;
}

} // namespace

std::string report_page(const boost::json::object& data) {
  const auto at = report_template.find(place);
  if (at == report_template.npos) throw std::logic_error{"the page has no place for its data"};
  std::string page{report_template.substr(0, at)};
  page += without_markup(to_text(boost::json::value(data)));
  return page.append(report_template.substr(at + place.size()));
}

} // namespace troupe
