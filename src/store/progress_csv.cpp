#include "store/progress_csv.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace troupe {

namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

std::string cell(const boost::json::value* v) {
  if (!v || v->is_null()) return {};
  if (v->is_string()) return quoted(std::string{std::string_view{v->get_string()}});
  if (v->is_bool()) return v->get_bool() ? "True" : "False";
  return quoted(to_text(*v));
}

template <class Range, class ToCell>
std::string line_of(const Range& columns, ToCell to_cell) {
  std::string line;
  for (const auto& column : columns) {
    line += to_cell(column);
    line += ',';
  }
  line.back() = '\n';
  return line;
}

} // namespace

void progress_csv::add_columns(const boost::json::object& row) {
  const auto known = columns_.size();
  for (const auto& member : row)
    if (const std::string_view key = member.key();
        std::ranges::find(columns_, key) == columns_.end())
      columns_.emplace_back(key);
  if (columns_.size() == known) return;

  const auto former_header = header_.size();
  header_ = line_of(columns_, quoted);
  auto text = header_;
  if (known > 0) {
    const auto former = read_bytes(path_);
    // Cells of numbers and dates hold no line ends: from here on, a line end is the end of a row.
    for (const auto byte : std::span{former}.subspan(former_header)) {
      const auto c = static_cast<char>(byte);
      if (c == '\n') text.append(columns_.size() - known, ',');
      text += c;
    }
  }
  close();
  replace_file(path_, text);
}

void progress_csv::append(const boost::json::object& row) {
  add_columns(row);
  if (!file_) file_ = output_file::append_to(path_);
  file_.write(line_of(columns_, [&](const auto& key) { return cell(row.if_contains(key)); }));
}

} // namespace troupe
