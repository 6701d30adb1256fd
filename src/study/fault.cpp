#include "study/fault.hpp"

#include "base/escape.hpp"
#include "base/path.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace troupe {

namespace {

std::string to_lines(const std::vector<fault>& faults) {
  std::string lines;
  for (const auto& f : faults) {
    if (!lines.empty()) lines += '\n';
    lines += f.text();
  }
  return lines;
}

} // namespace

std::string fault::text() const {
  return escaped_line(where + ": " + (path.empty() ? "" : path + ": ") + problem);
}

invalid_study::invalid_study(std::vector<fault> faults)
    : std::runtime_error{to_lines(faults)},
      faults_{std::move(faults)} {}

fault_list::fault_list(std::string name, const json_document& document)
    : name_{std::move(name)},
      document_{document} {}

void fault_list::add(std::string_view path, std::string problem) {
  const auto option = std::find_if(options_.rbegin(), options_.rend(),
                                   [&](const auto& o) { return lies_in(path, o.made); });
  if (option == options_.rend()) return add(position(path), path, std::move(problem));
  add_to_option(option->key, path == option->key ? "" : path, std::move(problem));
}

void fault_list::add(text_position at, std::string_view path, std::string problem) {
  in_file_.push_back({at, {to_text(name_, at), std::string{path}, std::move(problem)}});
}

void fault_list::add_to_option(std::string_view key, std::string_view path, std::string problem) {
  in_options_.push_back({"--set " + std::string{key}, std::string{path}, std::move(problem)});
}

void fault_list::raise_if_any() {
  if (in_file_.empty() && in_options_.empty()) return;
  std::stable_sort(in_file_.begin(), in_file_.end(), [](const entry& a, const entry& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  std::vector<fault> all;
  for (auto& e : in_file_)
    all.push_back(std::move(e.what));
  for (auto& f : in_options_)
    all.push_back(std::move(f));
  throw invalid_study{std::move(all)};
}

text_position fault_list::position(std::string_view path) const {
  for (;;) {
    const auto found = document_.positions.find(std::string{path});
    if (found != document_.positions.end()) return found->second;
    if (path.empty()) return {};
    const auto slash = path.rfind('/');
    path = slash == path.npos ? std::string_view{} : path.substr(0, slash);
  }
}

std::string to_text(const std::string& name, text_position at) {
  return name + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

} // namespace troupe
