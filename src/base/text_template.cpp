#include "base/text_template.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <stdexcept>

namespace troupe {

text_template::text_template(std::string_view text) {
  check_no_nul(text);
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool is_double = i + 1 < text.size() && text[i + 1] == c;
    if ((c == '{' || c == '}') && is_double) {
      add_text(text.substr(i, 1));
      i += 2;
    } else if (c == '{') {
      i = add_placeholder(text, i);
    } else if (c == '}') {
      throw std::invalid_argument{"has a } without its {; for the letter itself write }}"};
    } else {
      const auto end = std::min(text.find_first_of("{}", i), text.size());
      add_text(text.substr(i, end - i));
      i = end;
    }
  }
}

void text_template::add_text(std::string_view text) {
  if (parts_.empty() || parts_.back().is_parameter) parts_.emplace_back();
  parts_.back().text += text;
}

/// Returns where the placeholder that begins at `brace` ends.
std::size_t text_template::add_placeholder(std::string_view text, std::size_t brace) {
  const auto end = text.find_first_of("{}", brace + 1);
  if (end == text.npos || text[end] == '{')
    throw std::invalid_argument{"has a { without its }; for the letter itself write {{"};
  if (end == brace + 1)
    throw std::invalid_argument{"has {}, which names no parameter; for the letters write {{}}"};
  parts_.push_back({std::string{text.substr(brace + 1, end - brace - 1)}, true});
  return end + 1;
}

std::vector<std::string> text_template::parameters() const {
  std::vector<std::string> paths;
  for (const auto& p : parts_)
    if (p.is_parameter && p.text != trial_name) paths.push_back(p.text);
  return paths;
}

bool text_template::has_trial() const {
  return std::ranges::any_of(parts_,
                             [](const part& p) { return p.is_parameter && p.text == trial_name; });
}

std::string text_template::fill(const config& c, std::string_view trial_id) const {
  std::string argument;
  for (const auto& p : parts_) {
    if (!p.is_parameter) {
      argument += p.text;
    } else if (p.text == trial_name) {
      argument += trial_id;
    } else if (const auto* value = find(c, p.text)) {
      const auto text = argument_text(*value);
      if (text.find('\0') != text.npos)
        throw std::invalid_argument{"parameter \"" + p.text +
                                    "\" has a NUL, which no argument of a command can have"};
      argument += text;
    }
  }
  return argument;
}

void check_no_nul(std::string_view text) {
  if (text.find('\0') != text.npos) throw std::invalid_argument{"has a NUL, which ends a text"};
}

std::string argument_text(const boost::json::value& v) {
  return v.is_string() ? std::string{std::string_view{v.get_string()}} : to_text(v);
}

} // namespace troupe
