#include "study/name_keys.hpp"

#include "base/escape.hpp"
#include "base/text_template.hpp"
#include "search/space/parameter_error.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

namespace {

/// What file systems allow, less what a folder's name may get appended.
constexpr std::size_t longest_name = 200;

/// Says why a study, and so its results folder, cannot be called `name`; empty if it can.
std::string wrong_name(std::string_view name) {
  const bool has_control =
      std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
  if (name.size() > longest_name)
    return "must do as the name of a folder: at most " + std::to_string(longest_name) +
           " bytes; found " + std::to_string(name.size());
  if (!name.empty() && name != "." && name != ".." && name.find('/') == name.npos && !has_control)
    return {};
  return "must do as the name of a folder; found " + describe(boost::json::value(name));
}

} // namespace

void read_name(member_reader& in, study& s) {
  if (!in.read("name", s.name)) return;
  const auto problem = wrong_name(s.name);
  if (!problem.empty()) in.refuse("name", problem);
}

/// Reads what trials are called: a text in which parameters stand.
void read_trial_name(member_reader& in, study& s) {
  constexpr std::string_view key = "trial_name";
  std::string text;
  if (!in.read(key, text)) return;
  std::vector<std::string> named;
  try {
    named = text_template{text}.parameters();
  } catch (const std::invalid_argument& e) {
    return in.refuse(key, e.what());
  }
  for (const auto& path : named)
    if (!s.space.entries().empty() && !s.space.may_have(path))
      in.refuse(key, "unknown parameter {" + path + "}; " +
                         suggest_parameter(path, s.space.entries(), 0) +
                         " (for braces themselves write {{ and }})");
  s.trial_name = std::move(text);
}

std::string default_name(const std::string& file) {
  const auto stem = std::filesystem::path{file}.stem().string();
  return is_utf8(stem) && wrong_name(stem).empty() ? stem : study{}.name;
}

} // namespace troupe
