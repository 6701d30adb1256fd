#include "store/progress_csv.hpp"

#include "base/json.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

constexpr std::size_t most_columns = 1000;
constexpr std::size_t small_file = 256U << 10;

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

/// Makes columns of the keys of `row` that have none.
void progress_csv::add_columns(const boost::json::object& row) {
  for (const auto& member : row)
    if (const std::string_view key = member.key();
        columns_.size() < most_columns && known_.emplace(key).second)
      columns_.emplace_back(key);
}

/// Replaces the file by one that has all columns, empty in the lines before, and the rows that
/// wait.
void progress_csv::rewrite() {
  const auto former_header = header_.size();
  header_ = line_of(columns_, quoted);
  auto text = header_;
  if (written_columns_ > 0) {
    const auto former = read_bytes(path_);
    // Cells of numbers and dates hold no line ends: from here on, a line end is the end of a row.
    for (const auto byte : std::span{former}.subspan(former_header)) {
      const auto c = static_cast<char>(byte);
      if (c == '\n') text.append(columns_.size() - written_columns_, ',');
      text += c;
    }
  }
  for (const auto& row : std::exchange(waiting_, {}))
    text += line_of_row(row);
  file_ = {};
  replace_file(path_, text);
  written_columns_ = columns_.size();
  size_ = text.size();
}

std::string progress_csv::line_of_row(const boost::json::object& row) const {
  return line_of(columns_, [&](const auto& key) { return cell(row.if_contains(key)); });
}

void progress_csv::append(const boost::json::object& row) {
  add_columns(row);
  ++rows_;
  if (!waiting_.empty() || columns_.size() > written_columns_) {
    waiting_.push_back(row);
    // A large file is not rewritten for each row, but when so many wait that it is worth it.
    if (size_ <= small_file || waiting_.size() * 4 >= rows_) rewrite();
    return;
  }
  if (!file_) file_ = output_file::append_to(path_);
  const auto line = line_of_row(row);
  file_.write(line);
  size_ += line.size();
}

void progress_csv::close() {
  if (!waiting_.empty()) rewrite();
  file_ = {};
}

} // namespace troupe
