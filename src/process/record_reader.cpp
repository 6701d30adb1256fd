#include "process/record_reader.hpp"

#include "base/json.hpp"
#include "process/number_text.hpp"
#include "process/report_line.hpp"
#include "process/shown_line.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <stdexcept>

namespace troupe {

namespace {

/// People write a blank behind a comma.
std::string without_blanks(const std::string& cell) {
  const auto begin = cell.find_first_not_of(" \t");
  if (begin == cell.npos) return {};
  return cell.substr(begin, cell.find_last_not_of(" \t") + 1 - begin);
}

std::optional<double> json_number(const boost::json::value& v) {
  if (v.is_string() && v.get_string() != "nan" && v.get_string() != "inf" &&
      v.get_string() != "-inf")
    return std::nullopt;
  return v.is_number() || v.is_string() ? std::optional{as_number(v)} : std::nullopt;
}

metrics numbers_of(std::string_view line) {
  const auto v = read_python_json(line);
  if (!v.is_object()) throw std::invalid_argument{"it must be an object"};
  metrics m;
  for (const auto& [name, value] : v.get_object())
    if (const auto x = json_number(value)) m.set(name, *x);
  return m;
}

} // namespace

std::optional<metrics> record_reader::read(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; // Excel's first bytes
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.find_first_not_of(" \t") == line.npos) return std::nullopt;
  try {
    auto m = form_ == form::csv ? read_cells(line) : numbers_of(line);
    return m.empty() ? std::nullopt : std::optional{std::move(m)};
  } catch (const std::exception& e) {
    throw std::runtime_error{"a line of the metrics_file cannot be read: " + std::string{e.what()} +
                             "; the line: " + shown_line(line)};
  }
}

metrics record_reader::read_cells(std::string_view line) {
  auto cells = cells_of(line);
  for (auto& cell : cells)
    cell = without_blanks(cell);
  metrics m;
  if (!names_) {
    names_ = std::move(cells);
    return m;
  }
  if (cells.size() != names_->size())
    throw std::invalid_argument{"it has " + std::to_string(cells.size()) +
                                " cells, and the first line has " + std::to_string(names_->size()) +
                                " names"};
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (const auto x = number_in(cells[i])) m.set((*names_)[i], *x);
  return m;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells{""};
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_double = c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (is_quoted && is_double)
      cells.back() += line[i++];
    else if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

} // namespace troupe
