#include "store/progress_csv.hpp"

#include <utility>

namespace troupe {

namespace {

constexpr std::size_t most_columns = 1000;
constexpr std::size_t small_file = 256U << 10;

void append_quoted(std::string& out, std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

} // namespace

/// Returns where column `name` is; makes it if there is none, unless there are too many. Most rows
/// have their cells where those before had them: `guess`.
std::optional<std::size_t> progress_csv::column_of(std::string_view name, std::size_t guess) {
  if (guess < order_.size() && order_[guess] == name) return guess;
  const auto next = columns_.size();
  if (next >= most_columns) {
    const auto found = columns_.find(std::string{name});
    return found == columns_.end() ? std::nullopt : std::optional{found->second};
  }
  const auto [column, is_new] = columns_.try_emplace(std::string{name}, next);
  if (is_new) {
    if (next > 0) names_ += ',';
    append_quoted(names_, name);
    order_.emplace_back(name);
  }
  return column->second;
}

progress_csv::line progress_csv::line_of(std::span<const table_cell> row) {
  std::vector<std::string_view> cells(columns_.size());
  for (std::size_t i = 0; i < row.size(); ++i)
    if (const auto column = column_of(row[i].column, i)) {
      cells.resize(columns_.size());
      cells[*column] = row[i].text;
    }
  line l{{}, cells.size()};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) l.text += ',';
    append_quoted(l.text, cells[i]);
  }
  return l;
}

/// Columns that came up after the row are empty.
void progress_csv::append_line(std::string& out, const line& l) const {
  out += l.text;
  out.append(columns_.size() - l.columns, ',');
  out += '\n';
}

/// Replaces the file by one that has all columns, empty in the lines before, and the rows that
/// wait.
void progress_csv::rewrite() {
  lines_.close();
  const auto former_header = header_.size();
  header_ = names_ + '\n';
  auto text = header_;
  if (written_columns_ > 0) {
    const auto former = read_bytes(lines_.path());
    // Cells of numbers and dates hold no line ends: from here on, a line end is the end of a row.
    for (const auto byte : std::span{former}.subspan(former_header)) {
      const auto c = static_cast<char>(byte);
      if (c == '\n') text.append(columns_.size() - written_columns_, ',');
      text += c;
    }
  }
  for (const auto& l : std::exchange(waiting_, {}))
    append_line(text, l);
  replace_file(lines_.path(), text);
  written_columns_ = columns_.size();
  size_ = text.size();
}

void progress_csv::append(std::span<const table_cell> row) {
  auto l = line_of(row);
  ++rows_;
  if (!waiting_.empty() || columns_.size() > written_columns_) {
    waiting_.push_back(std::move(l));
    // A large file is not rewritten for each row, but when so many wait that it is worth it.
    if (size_ <= small_file || waiting_.size() * 4 >= rows_) rewrite();
    return;
  }
  std::string text;
  append_line(text, l);
  lines_.append(text);
  size_ += text.size();
}

void progress_csv::flush() {
  lines_.flush();
}

void progress_csv::close() {
  if (!waiting_.empty()) rewrite();
  lines_.close();
}

} // namespace troupe
